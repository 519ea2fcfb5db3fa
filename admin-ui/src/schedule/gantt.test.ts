// Where bars stand, and what they look like.
import { describe, expect, it } from 'vitest'
import type { Milestone } from '@/api/types'
import { bar, behind, beyond, daysOf, draggedDays, firstWindow, kind, late, now, weeks } from './gantt'

const START = '2026-05-25'
const TODAY = '2026-06-08'
function milestone(from: string, to: string, more: Partial<Milestone> = {}): Milestone {
  return {
    id: 'm', phase_id: 'p', position: 0, name: 'Gutters', note: '', weight: 1, planned_start: from, planned_end: to, first_start: from, first_end: to, state: 'next', waits_for: [], ...more,
  } as Milestone
}

describe('the window', () => {
  it('has four weeks and the plumb line in the middle of today', () => {
    expect(weeks(START)).toEqual(['2026-05-25', '2026-06-01', '2026-06-08', '2026-06-15'])
    expect(now(TODAY, START)).toBeCloseTo((14.5 / 28) * 100, 2)
    expect(now('2026-05-24', START)).toBeNull()
    expect(now('2026-06-22', START)).toBeNull()
  })
  it('cuts bars at its edges', () => {
    expect(bar('2026-06-01', '2026-06-02', START)).toEqual({ left: 25, width: 7.143 })
    expect(bar('2026-05-20', '2026-05-25', START)).toEqual({ left: 0, width: 3.571 })
    expect(bar('2026-06-21', '2026-07-30', START)).toEqual({ left: 96.429, width: 3.571 })
    expect(bar('2026-05-20', '2026-05-24', START)).toBeNull()
    expect(beyond('2026-05-20', '2026-05-24', START)).toBe('earlier')
    expect(beyond('2026-06-22', '2026-06-23', START)).toBe('later')
    expect(beyond('2026-06-01', '2026-06-23', START)).toBeNull()
  })
  it('opens where the work is', () => {
    expect(firstWindow([], TODAY)).toBe(START)
    expect(firstWindow([milestone('2026-04-21', '2026-07-30')], TODAY)).toBe(START)
    expect(firstWindow([milestone('2026-06-01', '2026-06-17')], TODAY)).toBe('2026-06-01')
    expect(firstWindow([milestone('2026-06-12', '2026-06-17')], TODAY)).toBe('2026-06-08')
    expect(firstWindow([milestone('2026-09-02', '2026-09-17')], TODAY)).toBe('2026-08-31')
    expect(firstWindow([milestone('2026-01-05', '2026-02-04')], TODAY)).toBe('2026-01-12')
  })
})

describe('a bar', () => {
  it('stands on the real days where there are some', () => {
    const done = milestone('2026-06-03', '2026-06-04', { state: 'done', actual_start: '2026-06-04', actual_end: '2026-06-05' })
    expect(daysOf(done)).toEqual({ from: '2026-06-04', to: '2026-06-05' })
    const begunLate = milestone('2026-06-03', '2026-06-04', { state: 'started', actual_start: '2026-06-08' })
    expect(daysOf(begunLate)).toEqual({ from: '2026-06-08', to: '2026-06-08' })
  })
  it('says done, under way, planned, moved, late', () => {
    expect(kind(milestone('2026-06-10', '2026-06-10'))).toBe('plan')
    const later = milestone('2026-06-10', '2026-06-11', { first_end: '2026-06-10' })
    expect(kind(later)).toBe('slip')
    expect(kind({ ...later, state: 'started' } as Milestone)).toBe('part')
    expect(kind({ ...later, state: 'done' } as Milestone)).toBe('done')
    expect(late(milestone('2026-06-08', '2026-06-09'), TODAY)).toBe(false)
    expect(late(milestone('2026-06-05', '2026-06-09'), TODAY)).toBe(true)
    expect(late(milestone('2026-06-05', '2026-06-08', { state: 'started' } as Partial<Milestone>), TODAY)).toBe(false)
  })
  it('is full up to today', () => {
    const running = milestone('2026-06-05', '2026-06-10', { state: 'started', actual_start: '2026-06-05' })
    expect(behind(running, TODAY, START)).toBe(58)
    expect(behind(running, '2026-06-01', START)).toBe(0)
    expect(behind(running, '2026-06-30', START)).toBe(100)
    expect(draggedDays(-25, 500)).toBe(-1)
    expect(draggedDays(5, 0)).toBe(0)
  })
})
