// Documents in words.
import type { Document, DocumentKind, Version, Visibility } from '@/api/types'
import type { Choice } from '@/kit/useForm'

export const KINDS: Record<DocumentKind, string> = {
  contract: 'Contract', permit: 'Permit', inspection_report: 'Inspection report', warranty: 'Warranty', other: 'Other paper',
}
export const kindChoices: Choice[] = Object.entries(KINDS).map(([value, label]) => ({ value, label }))

/** The two visibilities as they are offered: who will see it, never a checkbox. */
export function visibilityChoices(household: string): Choice[] {
  return [
    { value: 'client', label: `${household} sees it`, hint: 'Appears in their portal as soon as it is uploaded.', icon: 'i-lucide-eye' },
    { value: 'internal', label: 'Only our team', hint: 'Never shown to the customer.', icon: 'i-lucide-lock' },
  ]
}

export function visibilityTag(visibility: Visibility): { icon: string; tone: 'positive' | 'warning'; words: string } {
  return visibility === 'client'
    ? { icon: 'i-lucide-eye', tone: 'positive', words: 'Customer sees it' }
    : { icon: 'i-lucide-lock', tone: 'warning', words: 'Only our team' }
}

/** The version people read: the newest that is complete. */
export function readable(document: Document): Version | null {
  return [...document.versions].filter((version) => version.state === 'ready').sort((a, b) => b.number - a.number)[0] ?? null
}

/** The newest version, complete or not. */
export function newest(document: Document): Version | null {
  return [...document.versions].sort((a, b) => b.number - a.number)[0] ?? null
}

/** A title from a file's name: "Permit_2026-final.pdf" becomes "Permit 2026-final". */
export function titleFrom(fileName: string): string {
  const plain = fileName.replace(/\.[A-Za-z0-9]{1,5}$/, '').replace(/[_\s]+/g, ' ').trim()
  return plain || fileName
}
