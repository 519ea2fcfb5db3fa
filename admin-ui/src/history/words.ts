// The history of a project in plain rows: visibility as a sign, a run of the same deed as one line.
import type { Activity } from '@/api/types'
import { dateOf } from '@/kit/days'
import { count } from '@/kit/names'

export interface Line {
  key: string
  at: string
  who: string
  /** `staff`, `customer` or `system`. */
  side: string
  words: string
  icon: string
  visibility: 'client' | 'internal' | null
  /** Behind the project's path; null if there is nothing to open. */
  to: string | null
}

export interface HistoryDay {
  day: string
  lines: Line[]
}

const ICONS: [string, string][] = [
  ['photo', 'i-lucide-image'], ['shots', 'i-lucide-list-checks'], ['update', 'i-lucide-message-square-text'], ['milestone', 'i-lucide-circle-check'], ['phase', 'i-lucide-layers'], ['plan', 'i-lucide-calendar-range'],
  ['appointment', 'i-lucide-calendar-clock'], ['visit', 'i-lucide-calendar-clock'], ['weather', 'i-lucide-cloud-rain'], ['document', 'i-lucide-file-text'], ['draw', 'i-lucide-wallet'], ['project', 'i-lucide-folder'],
  ['mail', 'i-lucide-mail'], ['household', 'i-lucide-users'], ['customer', 'i-lucide-user'], ['plugin', 'i-lucide-blocks'],
]

export function iconOf(kind: string): string {
  return ICONS.find(([start]) => kind.startsWith(start))?.[1] ?? 'i-lucide-circle-dot'
}

const SEEN = / \((client|internal)\)$/

function place(entry: Activity): string | null {
  if (entry.kind.endsWith('.withdrawn') || entry.kind.endsWith('.failed')) return null
  if (entry.subject_kind === 'photo' && entry.subject_id) return `photos?photo=${entry.subject_id}`
  if (entry.subject_kind === 'photo_pair') return entry.kind === 'photo.unpaired' ? null : 'photos?show=pairs'
  if (entry.kind.startsWith('shots')) return 'photos?show=shots'
  if (entry.kind.startsWith('photo')) return 'photos'
  if (entry.subject_kind === 'update') return 'updates'
  if (entry.subject_kind === 'document') return 'documents'
  return null
}

function lineOf(entry: Activity): Line {
  const seen = SEEN.exec(entry.words)?.[1]
  return {
    key: String(entry.seq), at: entry.at, who: entry.actor_name, side: entry.actor_kind, words: entry.words.replace(SEEN, ''), icon: iconOf(entry.kind),
    visibility: seen === 'client' || seen === 'internal' ? seen : null, to: place(entry),
  }
}

/** Deeds that come in rows, and what a row of them is called. */
const ROWS: Record<string, (number: number) => string> = {
  'photo.uploaded': (number) => `added ${count(number, 'photo')}`,
  'photo.withdrawn': (number) => `withdrew ${count(number, 'photo')}`,
  'photo.failed': (number) => `could not add ${count(number, 'photo')}`,
  'photo.changed': (number) => `changed ${count(number, 'photo')}`,
  'photo.read': (number) => `saved ${count(number, 'original')}`,
}
const NEAR = 30 * 60_000

/** The same deed of the same person, shortly one after the other, is one line: twenty photos are not twenty lines. */
export function linesOf(entries: readonly Activity[]): Line[] {
  const lines: Line[] = []
  for (let at = 0; at < entries.length; ) {
    const first = entries[at] as Activity
    const row = ROWS[first.kind]
    let end = at + 1
    while (row && end < entries.length && follows(first, entries[end - 1], entries[end])) end += 1
    const many = end - at
    lines.push(many > 1 && row ? { ...lineOf(first), words: row(many), to: first.kind === 'photo.withdrawn' || first.kind === 'photo.failed' ? null : 'photos' } : lineOf(first))
    at = end
  }
  return lines
}

function follows(first: Activity, before: Activity | undefined, next: Activity | undefined): boolean {
  return !!before && !!next && next.kind === first.kind && next.actor_name === first.actor_name && Math.abs(Date.parse(before.at) - Date.parse(next.at)) < NEAR && dateOf(next.at) === dateOf(first.at)
}

export function byDay(entries: readonly Activity[]): HistoryDay[] {
  const days = new Map<string, Line[]>()
  for (const line of linesOf(entries)) {
    const day = dateOf(line.at)
    days.set(day, [...(days.get(day) ?? []), line])
  }
  return [...days].map(([day, lines]) => ({ day, lines }))
}

/** What is new before what is known, nothing twice. */
export function joined(fresh: readonly Activity[], known: readonly Activity[]): Activity[] {
  const newest = known[0]?.seq ?? -1
  const oldest = fresh[fresh.length - 1]?.seq ?? newest + 1
  // More happened than fits one page: what lies between is not known, so the list begins anew.
  if (known.length > 0 && oldest > newest + 1 && fresh.every((entry) => entry.seq > newest)) return [...fresh]
  return [...fresh.filter((entry) => entry.seq > newest), ...known]
}
