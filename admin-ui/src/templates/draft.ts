// A template while it is edited: everything as it was typed, and back to a plan. Pure.
import type { PlanMilestone, TemplatePlan, WorkType } from '@/api/types'
import type { DrawLine } from '@/schedule/DrawLines.vue'
import type { Wait } from '@/schedule/WaitsField.vue'
import { decimal, whole } from '@/kit/useForm'

export interface DraftMilestone {
  key: string
  name: string
  note: string
  weight: string
  days: string
  work: string
  waits: Wait[]
}
export interface DraftPhase {
  /** Only here, so that lines keep their place on the screen. */
  id: number
  name: string
  weight: string
  milestones: DraftMilestone[]
}
export interface DraftShot {
  name: string
  /** The phase's id here; empty for none. */
  phase: string
}
export interface Draft {
  name: string
  note: string
  phases: DraftPhase[]
  draws: DrawLine[]
  shots: DraftShot[]
}

let last = 0
export const newId = (): number => (last += 1)

export function toDraft(name: string, note: string, plan: TemplatePlan): Draft {
  const phases = plan.phases.map((phase) => ({ id: newId(), name: phase.name, weight: String(phase.weight), milestones: phase.milestones.map(draftOf) }))
  return {
    name, note, phases,
    draws: plan.draws.map((draw) => ({ name: draw.name, percent: String(draw.basis_points / 100), key: draw.milestone_key ?? '' })),
    shots: plan.shots.map((shot) => ({ name: shot.name, phase: shot.phase === undefined ? '' : String(phases[shot.phase]?.id ?? '') })),
  }
}

function draftOf(milestone: PlanMilestone): DraftMilestone {
  return {
    key: milestone.key, name: milestone.name, note: milestone.note, weight: String(milestone.weight), days: String(milestone.days), work: milestone.work_type ?? '',
    waits: milestone.waits_for.map((wait) => ({ key: wait.key, lag: String(wait.lag_days) })),
  }
}

/** All milestones, in their order. */
export function milestonesOf(draft: Draft): DraftMilestone[] {
  return draft.phases.flatMap((phase) => phase.milestones)
}

/** A milestone that waits for the one before it. */
export function newMilestone(draft: Draft, phase: DraftPhase): DraftMilestone {
  const all = milestonesOf(draft)
  const known = new Set(all.map((milestone) => milestone.key))
  let number = all.length + 1
  while (known.has(`m${number}`)) number += 1
  const upTo = draft.phases.slice(0, draft.phases.indexOf(phase) + 1).flatMap((entry) => entry.milestones)
  const before = upTo[upTo.length - 1]
  return { key: `m${number}`, name: '', note: '', weight: '1', days: '1', work: '', waits: before ? [{ key: before.key, lag: '0' }] : [] }
}

/** What nothing names any more is forgotten everywhere. */
export function forget(draft: Draft): Draft {
  const known = new Set(milestonesOf(draft).map((milestone) => milestone.key))
  const phases = new Set(draft.phases.map((phase) => String(phase.id)))
  return {
    ...draft,
    phases: draft.phases.map((phase) => ({ ...phase, milestones: phase.milestones.map((milestone) => ({ ...milestone, waits: milestone.waits.filter((wait) => known.has(wait.key)) })) })),
    draws: draft.draws.map((draw) => ({ ...draw, key: known.has(draw.key) ? draw.key : '' })),
    shots: draft.shots.map((shot) => ({ ...shot, phase: phases.has(shot.phase) ? shot.phase : '' })),
  }
}

/** The first thing that is wrong with a draft, in words; null if it can be sent. */
export function wrong(draft: Draft): string | null {
  if (draft.name.trim() === '') return 'Give the template a name.'
  for (const phase of draft.phases) {
    if (phase.name.trim() === '') return 'A phase has no name yet.'
    if (Number.isNaN(whole(phase.weight))) return `The weight of ${phase.name} is a number from 0 to 1000.`
    for (const milestone of phase.milestones) {
      if (milestone.name.trim() === '') return `A milestone of ${phase.name} has no name yet.`
      if (!(whole(milestone.days) >= 1)) return `${milestone.name} takes at least one working day.`
      if (Number.isNaN(whole(milestone.weight))) return `The weight of ${milestone.name} is a number from 0 to 1000.`
      if (milestone.waits.some((wait) => Number.isNaN(whole(wait.lag)))) return `Write as a number how many days more ${milestone.name} waits.`
    }
  }
  if (length(draft) === null) return 'Milestones wait for each other in a circle, so none could ever begin.'
  if (draft.draws.some((draw) => draw.name.trim() === '' || !(decimal(draw.percent) > 0))) return 'Every draw has a name and a share of the price.'
  if (draft.shots.some((shot) => shot.name.trim() === '')) return 'A required photo has no name yet.'
  return null
}

/** The plan of a draft that nothing is wrong with. */
export function toPlan(draft: Draft): TemplatePlan {
  return {
    phases: draft.phases.map((phase) => ({
      name: phase.name, weight: whole(phase.weight),
      milestones: phase.milestones.map((milestone) => ({
        key: milestone.key, name: milestone.name, note: milestone.note, weight: whole(milestone.weight), days: whole(milestone.days), work_type: (milestone.work || undefined) as WorkType | undefined,
        waits_for: milestone.waits.map((wait) => ({ key: wait.key, lag_days: whole(wait.lag) })),
      })),
    })),
    draws: draft.draws.map((draw) => ({ name: draw.name, basis_points: Math.round(decimal(draw.percent) * 100), milestone_key: draw.key || undefined })),
    shots: draft.shots.map((shot) => {
      const phase = draft.phases.findIndex((entry) => String(entry.id) === shot.phase)
      return { name: shot.name, phase: phase < 0 ? undefined : phase }
    }),
  }
}

/** Working days from the first to the last; null if milestones wait in a circle. */
export function length(draft: Draft): number | null {
  const all = new Map(milestonesOf(draft).map((milestone) => [milestone.key, milestone]))
  const ends = new Map<string, number>()
  const open = new Set<string>()
  function end(key: string): number | null {
    const known = ends.get(key)
    if (known !== undefined) return known
    const milestone = all.get(key)
    if (!milestone) return 0
    if (open.has(key)) return null
    open.add(key)
    let begin = 0
    for (const wait of milestone.waits) {
      const before = end(wait.key)
      if (before === null) return null
      begin = Math.max(begin, before + (whole(wait.lag) || 0))
    }
    open.delete(key)
    const day = begin + Math.max(1, whole(milestone.days) || 1)
    ends.set(key, day)
    return day
  }
  let longest = 0
  for (const key of all.keys()) {
    const day = end(key)
    if (day === null) return null
    longest = Math.max(longest, day)
  }
  return longest
}

/** The list with one entry a place earlier or later. */
export function shifted<T>(list: readonly T[], at: number, by: 1 | -1): T[] {
  const next = [...list]
  const [entry] = next.splice(at, 1)
  if (entry !== undefined) next.splice(Math.max(0, Math.min(next.length, at + by)), 0, entry)
  return next
}
