// Who sees something: the people of the household by their first names, or only the team.
import type { Household, Project, Visibility } from '@/api/types'
import { firstName } from '@/kit/names'
import type { Choice } from '@/kit/useForm'

export interface Audience {
  /** "Margaret and Thomas", or the household's name while nobody is in it. */
  people: string
  several: boolean
}

export function audienceOf(project: Pick<Project, 'household'>, household: Household | null): Audience {
  const names = household?.members.map((member) => firstName(member.name)) ?? []
  if (names.length === 0) return { people: project.household.name, several: false }
  const last = names[names.length - 1] ?? ''
  return { people: names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`, several: names.length > 1 }
}

/** "Margaret sees this", "Margaret and Thomas see this" */
export function seesThis(audience: Audience): string {
  return `${audience.people} ${audience.several ? 'see' : 'sees'} this`
}

/** The two visibilities as a choice between people, never a checkbox. */
export function audienceChoices(audience: Audience, hint: string): Choice[] {
  return [
    { value: 'client', label: seesThis(audience), hint, icon: 'i-lucide-eye' },
    { value: 'internal', label: 'Only your team', hint: 'Never shown to the customer.', icon: 'i-lucide-lock' },
  ]
}

export function audienceTag(audience: Audience, visibility: Visibility): { icon: string; tone: 'positive' | 'warning'; words: string } {
  return visibility === 'client'
    ? { icon: 'i-lucide-eye', tone: 'positive', words: seesThis(audience) }
    : { icon: 'i-lucide-lock', tone: 'warning', words: 'Only your team' }
}
