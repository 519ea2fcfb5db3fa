// Templates while they are edited.
import { describe, expect, it } from 'vitest'
import type { TemplatePlan } from '@/api/types'
import { forget, length, milestonesOf, newMilestone, shifted, toDraft, toPlan, wrong } from './draft'

const milestone = (key: string, days: number, waits: [string, number][] = []) => ({ key, name: key, note: '', weight: 1, days, waits_for: waits.map(([to, lag_days]) => ({ key: to, lag_days })) })
const plan: TemplatePlan = {
  phases: [{ name: 'Tear-off', weight: 2, milestones: [milestone('a', 2)] }, { name: 'Shingles', weight: 4, milestones: [milestone('b', 4, [['a', 1]]), milestone('c', 1)] }],
  draws: [{ name: 'Deposit', basis_points: 1250 }, { name: 'Rest', basis_points: 8750, milestone_key: 'b' }],
  shots: [{ name: 'Front', phase: 1 }, { name: 'Anything' }],
}

describe('a draft', () => {
  it('goes back to the plan it came from', () => {
    expect(toPlan(toDraft('Roof', '', plan))).toEqual({ ...plan, shots: [{ name: 'Front', phase: 1 }, { name: 'Anything', phase: undefined }], draws: [{ ...plan.draws[0], milestone_key: undefined }, plan.draws[1]], phases: plan.phases.map((phase) => ({ ...phase, milestones: phase.milestones.map((entry) => ({ ...entry, work_type: undefined })) })) })
  })
  it('keeps photos with their phase when phases change places', () => {
    const draft = toDraft('Roof', '', plan)
    expect(toPlan({ ...draft, phases: shifted(draft.phases, 1, -1) }).shots[0]?.phase).toBe(0)
    expect(shifted([1, 2, 3], 0, -1)).toEqual([1, 2, 3])
    expect(shifted([1, 2, 3], 0, 1)).toEqual([2, 1, 3])
  })
  it('knows how long it takes, and circles', () => {
    const draft = toDraft('Roof', '', plan)
    expect(length(draft)).toBe(7)
    const first = milestonesOf(draft)[0]
    if (first) first.waits = [{ key: 'b', lag: '0' }]
    expect(length(draft)).toBeNull()
    expect(wrong(draft)).toMatch(/circle/)
  })
  it('adds what waits for the one before, and forgets what is gone', () => {
    const draft = toDraft('Roof', '', plan)
    const phase = draft.phases[0]
    if (!phase) throw new Error('no phase')
    expect(newMilestone(draft, phase)).toMatchObject({ key: 'm4', waits: [{ key: 'a', lag: '0' }] })
    const without = forget({ ...draft, phases: draft.phases.slice(1) })
    expect(milestonesOf(without)[0]?.waits).toEqual([])
    const noB = forget({ ...draft, phases: draft.phases.slice(0, 1) })
    expect(noB.draws[1]?.key).toBe('')
    expect(noB.shots[0]?.phase).toBe('')
  })
  it('says what is missing', () => {
    const draft = toDraft(' ', '', plan)
    expect(wrong(draft)).toMatch(/name/)
    const named = toDraft('Roof', '', plan)
    expect(wrong(named)).toBeNull()
    const first = milestonesOf(named)[0]
    if (first) first.days = '0'
    expect(wrong(named)).toMatch(/working day/)
  })
})
