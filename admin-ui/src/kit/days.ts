// Calendar days as they travel: "2026-06-09". They are counted and written here without ever becoming a moment, so no zone can shift them.
import { zoneNow } from './time'

const MS = 86_400_000

/** The day as a number of days; the difference of two is how far apart they are. */
export function ordinal(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / MS)
}

export function fromOrdinal(number: number): string {
  return new Date(number * MS).toISOString().slice(0, 10)
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(ordinal(text)) && fromOrdinal(ordinal(text)) === text
}

export function addDays(day: string, days: number): string {
  return fromOrdinal(ordinal(day) + days)
}

/** From `from` to `to`, negative backwards. */
export function daysApart(from: string, to: string): number {
  return ordinal(to) - ordinal(from)
}

/** 0 is Monday. */
export function weekday(day: string): number {
  return (((ordinal(day) + 3) % 7) + 7) % 7
}

export function mondayOf(day: string): string {
  return addDays(day, -weekday(day))
}

/** What day it is for the company. */
export function today(now = new Date()): string {
  return zoneNow(now)
}

/** The company's day of a moment. */
export function dateOf(iso: string): string {
  return zoneNow(new Date(iso))
}

function words(day: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...options }).format(new Date(`${day}T00:00:00Z`))
}

function yearOf(day: string, than: string): Intl.DateTimeFormatOptions {
  return day.slice(0, 4) === than.slice(0, 4) ? {} : { year: 'numeric' }
}

/** "Jun 9", with the year when it is not this one. */
export function shortDay(day: string, now = today()): string {
  return words(day, { month: 'short', day: 'numeric', ...yearOf(day, now) })
}

/** "Tue, Jun 9", with the year when it is not this one. */
export function longDay(day: string, now = today()): string {
  return words(day, { weekday: 'short', month: 'short', day: 'numeric', ...yearOf(day, now) })
}

/** "Tue" */
export function weekdayName(day: string): string {
  return words(day, { weekday: 'short' })
}

/** "Jun 5 to 10", "Jun 28 to Jul 2", "Jun 16" */
export function span(from: string, to: string, now = today()): string {
  if (from === to) return shortDay(from, now)
  const sameMonth = from.slice(0, 7) === to.slice(0, 7)
  const sameYear = from.slice(0, 4) === to.slice(0, 4)
  const first = sameYear ? words(from, { month: 'short', day: 'numeric' }) : shortDay(from, '')
  if (sameMonth && sameYear && to.slice(0, 4) === now.slice(0, 4)) return `${first} to ${Number(to.slice(8))}`
  return `${first} to ${shortDay(to, now)}`
}

/** "today", "tomorrow", "yesterday", else "Tue, Jun 9" */
export function nearDay(day: string, now = today()): string {
  const apart = daysApart(now, day)
  if (apart === 0) return 'today'
  if (apart === 1) return 'tomorrow'
  if (apart === -1) return 'yesterday'
  return longDay(day, now)
}

/** As a heading: "Today", "Yesterday", "Tue, Jun 9". */
export function dayHead(day: string, now = today()): string {
  return nearDay(day, now).replace(/^./, (letter) => letter.toUpperCase())
}

/** A camera's clock, which knows no zone: "Tue, Jun 9, 10:22 am". */
export function wallClock(naive: string, now = today()): string {
  const time = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', hour: 'numeric', minute: '2-digit' }).format(new Date(`${naive.slice(0, 19)}Z`))
  return `${longDay(naive.slice(0, 10), now)}, ${time.toLowerCase().replace(/\u202f/g, ' ')}`
}

/** The company's working days: a week, Monday first, and the days that are otherwise. */
export interface Working {
  days: boolean[]
  exceptions: { day: string; works: boolean; name?: string }[]
}

export function works(calendar: Working, day: string): boolean {
  return calendar.exceptions.find((entry) => entry.day === day)?.works ?? calendar.days[weekday(day)] ?? true
}

/** So many working days later, or earlier; a calendar without any gives the day itself. */
export function addWorking(calendar: Working, day: string, count: number): string {
  const step = count < 0 ? -1 : 1
  let at = day
  let left = Math.abs(count)
  for (let tries = 0; left > 0 && tries < 3660; tries += 1) {
    at = addDays(at, step)
    if (works(calendar, at)) left -= 1
  }
  return left > 0 ? day : at
}

/** Working days from `from` to `to`, both counted; never less than one. */
export function workingDays(calendar: Working, from: string, to: string): number {
  let count = 0
  for (let at = from; at <= to && count < 3660; at = addDays(at, 1)) if (works(calendar, at)) count += 1
  return Math.max(1, count)
}
