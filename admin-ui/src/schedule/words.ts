// The schedule in words.
import type { Milestone, Schedule, WorkType } from '@/api/types'
import { shortDay, span } from '@/kit/days'
import { count } from '@/kit/names'
import type { Choice } from '@/kit/useForm'
import { daysOf } from './gantt'

type Tone = 'positive' | 'warning' | 'danger' | 'info' | 'brand' | ''

export const STATE: Record<Milestone['state'], { words: string; icon: string; tone: Tone }> = {
  done: { words: 'Done', icon: 'i-lucide-circle-check', tone: 'positive' },
  started: { words: 'Under way', icon: 'i-lucide-circle-dot', tone: 'brand' },
  next: { words: 'To come', icon: 'i-lucide-circle', tone: '' },
}

export const WORK: Record<WorkType, { words: string; icon: string }> = {
  roofing: { words: 'Roofing', icon: 'i-lucide-house' },
  gutters: { words: 'Gutters', icon: 'i-lucide-droplets' },
  painting: { words: 'Painting', icon: 'i-lucide-paint-roller' },
  masonry: { words: 'Masonry', icon: 'i-lucide-brick-wall' },
  concrete: { words: 'Concrete', icon: 'i-lucide-cylinder' },
  earthworks: { words: 'Earthworks', icon: 'i-lucide-shovel' },
  carpentry: { words: 'Carpentry', icon: 'i-lucide-hammer' },
  other_outdoor: { words: 'Other work outside', icon: 'i-lucide-trees' },
}

export const workChoices: Choice[] = [{ value: '', label: 'Indoors: the weather does not matter' }, ...Object.entries(WORK).map(([value, entry]) => ({ value, label: entry.words }))]

/** The days a milestone stands on, as text. */
export function days(milestone: Milestone): string {
  const { from, to } = daysOf(milestone)
  return span(from, to)
}

/** "Step 4 of 6: Shingles" */
export function stepWords(schedule: Schedule): string {
  if (schedule.steps === 0) return 'No steps yet'
  const steps = stepPhases(schedule)
  if (steps.every((phase) => phase.state === 'done')) return `All ${count(schedule.steps, 'step')} done`
  return `Step ${schedule.step} of ${schedule.steps}: ${steps[schedule.step - 1]?.name ?? ''}`
}

/** Phases that are steps: those with milestones. */
export function stepPhases(schedule: Schedule): Schedule['phases'] {
  return schedule.phases.filter((phase) => schedule.milestones.some((milestone) => milestone.phase_id === phase.id))
}

/** "2 working days more" */
export function lagWords(lag: number): string {
  return lag > 0 ? `, and ${count(lag, 'working day')} more` : ''
}

/** "25 %", "12.5 %" */
export function share(basisPoints: number): string {
  return `${String(basisPoints / 100)} %`
}

/** Why it stands where it does: "Moved from Jun 12: Rain is forecast." */
export function movedWords(milestone: Milestone): string {
  const last = milestone.last_move
  if (!last) return ''
  const why = last.cause === 'ripple' ? 'because what it waits for moved' : last.cause === 'weather' ? 'for the weather' : ''
  const from = `Moved from ${last.from_start === last.from_end ? shortDay(last.from_start) : span(last.from_start, last.from_end)}`
  return [why ? `${from} ${why}` : from, last.reason].filter(Boolean).join(': ')
}
