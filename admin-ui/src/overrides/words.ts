// What the screens of pages and mails say: states, parts, and how a component gets into a text.
import type { OverrideFlaw, OverrideSnippet, OverrideState, OverrideText } from '@/api/types'

export const STATE: Record<OverrideState, { words: string; icon: string; tone: '' | 'positive' | 'danger' }> = {
  ours: { words: 'Standard', icon: 'i-lucide-circle-dashed', tone: '' },
  yours: { words: 'Yours', icon: 'i-lucide-circle-check', tone: 'positive' },
  broken: { words: 'Broken: the standard is shown', icon: 'i-lucide-octagon-alert', tone: 'danger' },
}

export type Part = keyof OverrideText
export const PART: Record<Part, string> = { html: 'HTML', subject: 'Subject', heading: 'Heading', text: 'Plain text' }

/** "Line 3, column 7" */
export function place(flaw: OverrideFlaw): string {
  if (flaw.line == null) return ''
  return flaw.column == null ? `Line ${flaw.line}` : `Line ${flaw.line}, column ${flaw.column}`
}

/** "HTML, line 3" */
export function where(part: string, line: number | null | undefined): string {
  const words = PART[part as Part] ?? 'Text'
  return line == null ? words : `${words}, line ${line}`
}

export function isPart(name: string): name is Part {
  return name in PART
}

/** The text with a component's import on top, if it needs one and has none yet. */
export function withImport(text: string, snippet: OverrideSnippet): string {
  if (!snippet.import) return text
  const file = /from "([^"]+)"/.exec(snippet.import)?.[1] ?? ''
  const lines = text.split('\n').filter((line) => line.includes('{% from ') && line.includes(`"${file}"`))
  const there = lines.some((line) => (/ import (.*?)%\}/.exec(line)?.[1] ?? '').split(',').some((name) => name.trim() === snippet.name))
  return there ? text : `${snippet.import}\n${text}`
}

/** How a field is printed, or walked through. */
export function printed(field: { path: string; kind: string }): string {
  const path = field.path.replace(/^.*\[\]\./, (before) => `${single(before)}.`)
  if (field.kind.startsWith('list')) return `{% for ${single(`${field.path}[].`)} in ${path} %}\n\n{% endfor %}`
  if (field.kind.startsWith('yes')) return `{% if ${path} %}\n\n{% endif %}`
  if (field.kind.startsWith('day')) return `{{ ${path}|date(frame) }}`
  if (field.kind.startsWith('moment')) return `{{ ${path}|moment(frame) }}`
  return `{{ ${path} }}`
}

/** What one of a list is called: "page.only.steps[]." becomes "step". */
function single(path: string): string {
  const name = /([a-z_]+)\[\]\.?$/.exec(path)?.[1] ?? 'one'
  return name.endsWith('s') && name !== 'news' ? name.slice(0, -1) : `one_${name}`
}
