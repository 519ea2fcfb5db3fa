// Visits in words.
import type { Visit } from '@/api/types'
import { addDays, longDay, mondayOf, nearDay, today } from '@/kit/days'

type Tone = 'positive' | 'warning' | 'danger' | 'info' | 'brand' | ''

export const STATE: Record<Visit['state'], { words: string; icon: string; tone: Tone }> = {
  proposed: { words: 'Waiting for an answer', icon: 'i-lucide-hourglass', tone: 'info' },
  confirmed: { words: 'Confirmed', icon: 'i-lucide-circle-check', tone: 'positive' },
  move_asked: { words: 'Asked for another time', icon: 'i-lucide-calendar-clock', tone: 'warning' },
  cancelled: { words: 'Called off', icon: 'i-lucide-circle-slash', tone: '' },
}

/** How a visit stands: one that only the team sees waits for nobody. */
export function stateOf(visit: Visit): { words: string; icon: string; tone: Tone } {
  if (visit.visibility === 'internal' && visit.state !== 'cancelled') return { words: 'Only our team', icon: 'i-lucide-lock', tone: 'warning' }
  return STATE[visit.state]
}

/** "8 am", "1:30 pm" */
export function hour(time: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return `${hours % 12 === 0 ? 12 : hours % 12}${minutes ? `:${String(minutes).padStart(2, '0')}` : ''} ${hours < 12 ? 'am' : 'pm'}`
}

/** "8 to 11 am", "11 am to 2 pm" */
export function timeWindow(from: string, until: string): string {
  const same = Number(from.slice(0, 2)) < 12 === Number(until.slice(0, 2)) < 12
  return `${same ? hour(from).replace(/ [ap]m$/, '') : hour(from)} to ${hour(until)}`
}

/** "Tue, Jun 9, 8 to 11 am" */
export function when(visit: Visit): string {
  return `${longDay(visit.day)}, ${timeWindow(visit.from, visit.until)}`
}

/** The seven days of a week, from any of its days. */
export function weekOf(day: string): string[] {
  const monday = mondayOf(day)
  return Array.from({ length: 7 }, (_, n) => addDays(monday, n))
}

/** "Today, Tue, Jun 9", "Wed, Jun 10" */
export function dayHead(day: string, now = today()): string {
  const near = nearDay(day, now)
  return near === longDay(day, now) ? near : `${near.charAt(0).toUpperCase()}${near.slice(1)}, ${longDay(day, now)}`
}

export function byTime(a: Visit, b: Visit): number {
  return a.starts_at.localeCompare(b.starts_at) || a.title.localeCompare(b.title)
}
