// The geometry of the Gantt: days in, shares of a lane out. Pure.
import { addDays, daysApart, mondayOf } from '@/kit/days'
import type { Milestone } from '@/api/types'

/** Days in the window: four weeks. */
export const WINDOW = 28

/** How a bar is drawn. */
export type BarKind = 'done' | 'part' | 'plan' | 'slip'

export interface Bar {
  left: number
  width: number
}

/** The bar of these days in percent of the lane, cut to the window; null when it lies outside. */
export function bar(from: string, to: string, start: string): Bar | null {
  const first = Math.max(0, daysApart(start, from))
  const last = Math.min(WINDOW, daysApart(start, to) + 1)
  return last <= 0 || first >= WINDOW || last <= first ? null : { left: percent(first), width: percent(last - first) }
}

/** Where a lane without a bar points to. */
export function beyond(from: string, to: string, start: string): 'earlier' | 'later' | null {
  if (daysApart(start, to) < 0) return 'earlier'
  return daysApart(start, from) >= WINDOW ? 'later' : null
}

/** The middle of today, in percent; null when it is not in the window. */
export function now(today: string, start: string): number | null {
  const at = daysApart(start, today)
  return at < 0 || at >= WINDOW ? null : percent(at + 0.5)
}

/** The first days of the weeks. */
export function weeks(start: string): string[] {
  return [0, 7, 14, 21].map((days) => addDays(start, days))
}

/** What was done where it was done, what is under way from its real beginning, the rest as planned. */
export function daysOf(milestone: Milestone): { from: string; to: string } {
  if (milestone.actual_end) return { from: milestone.actual_start ?? milestone.actual_end, to: milestone.actual_end }
  const from = milestone.actual_start ?? milestone.planned_start
  return { from, to: milestone.planned_end < from ? from : milestone.planned_end }
}

export function moved(milestone: Milestone): boolean {
  return milestone.planned_start !== milestone.first_start || milestone.planned_end !== milestone.first_end
}

export function kind(milestone: Milestone): BarKind {
  if (milestone.state === 'done') return 'done'
  if (milestone.state === 'started') return 'part'
  return moved(milestone) ? 'slip' : 'plan'
}

/** Not done, although its last day has passed; or not begun, although it should have. */
export function late(milestone: Milestone, today: string): boolean {
  if (milestone.state === 'done') return false
  return milestone.planned_end < today || (milestone.state === 'next' && milestone.planned_start < today)
}

/** How much of a bar under way lies behind today, in percent of the bar as it is drawn. */
export function behind(milestone: Milestone, today: string, start: string): number {
  const { from, to } = daysOf(milestone)
  const shown = bar(from, to, start)
  if (!shown) return 0
  const at = percent(daysApart(start, today) + 0.5)
  return Math.round(Math.min(100, Math.max(0, ((at - shown.left) / shown.width) * 100)))
}

/** The four weeks to open with: two before this one, or as near to it as there is work. */
export function firstWindow(milestones: Milestone[], today: string): string {
  const usual = addDays(mondayOf(today), -14)
  if (milestones.length === 0) return usual
  const spans = milestones.map(daysOf)
  const first = spans.map((entry) => entry.from).reduce((a, b) => (a < b ? a : b))
  const last = spans.map((entry) => entry.to).reduce((a, b) => (a > b ? a : b))
  const start = mondayOf(first)
  if (daysApart(usual, start) > 0) return daysApart(mondayOf(today), start) < WINDOW / 2 ? earlier(start, mondayOf(today)) : start
  return daysApart(usual, last) < 0 ? addDays(mondayOf(last), -21) : usual
}

function earlier(a: string, b: string): string {
  return a < b ? a : b
}

function percent(days: number): number {
  return Math.round((days / WINDOW) * 100_000) / 1000
}

/** A drag of so many pixels in whole days. */
export function draggedDays(pixels: number, width: number): number {
  return width > 0 ? Math.round((pixels / width) * WINDOW) : 0
}
