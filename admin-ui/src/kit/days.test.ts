// Days are strings: no zone and no daylight saving may move them.
import { afterEach, describe, expect, it } from 'vitest'
import { addDays, addWorking, dateOf, dayHead, daysApart, isDay, longDay, mondayOf, nearDay, shortDay, span, today, wallClock, weekday, workingDays, works, type Working } from './days'
import { setZone } from './time'

afterEach(() => setZone(undefined))

describe('days', () => {
  it('count across months, years and changes of the clock', () => {
    expect(addDays('2026-03-07', 1)).toBe('2026-03-08')
    expect(addDays('2026-03-08', 1)).toBe('2026-03-09')
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
    expect(daysApart('2026-10-24', '2026-10-26')).toBe(2)
    expect(weekday('2026-06-08')).toBe(0)
    expect(weekday('1969-12-31')).toBe(2)
    expect(mondayOf('2026-06-14')).toBe('2026-06-08')
  })
  it('are what the company says they are, on both ends of the earth', () => {
    const moment = new Date('2026-06-09T11:30:00Z')
    setZone('Etc/GMT-12')
    expect(today(moment)).toBe('2026-06-09')
    expect(today(new Date('2026-06-09T12:00:00Z'))).toBe('2026-06-10')
    setZone('Etc/GMT+12')
    expect(today(moment)).toBe('2026-06-08')
    expect(longDay('2026-06-09', '2026-01-01')).toBe('Tue, Jun 9')
    expect(shortDay('2026-01-01', '2026-06-01')).toBe('Jan 1')
  })
  it('are read as people say them', () => {
    const now = '2026-06-08'
    expect(span('2026-06-05', '2026-06-10', now)).toBe('Jun 5 to 10')
    expect(span('2026-06-16', '2026-06-16', now)).toBe('Jun 16')
    expect(span('2026-06-28', '2026-07-02', now)).toBe('Jun 28 to Jul 2')
    expect(span('2026-12-28', '2027-01-02', now)).toBe('Dec 28, 2026 to Jan 2, 2027')
    expect(span('2027-03-01', '2027-03-04', now)).toBe('Mar 1 to Mar 4, 2027')
    expect(nearDay('2026-06-09', now)).toBe('tomorrow')
    expect(nearDay('2026-06-11', now)).toBe('Thu, Jun 11')
    expect([isDay('2026-02-29'), isDay('2028-02-29'), isDay(''), isDay('2026-6-1')]).toEqual([false, true, false, false])
  })
})

it('moments have the company’s day, cameras their own clock', () => {
  setZone('Pacific/Auckland')
  expect([dateOf('2026-06-09T11:59:00Z'), dateOf('2026-06-09T12:00:00Z')]).toEqual(['2026-06-09', '2026-06-10'])
  expect([wallClock('2026-06-09T10:22:31', '2026-06-10'), wallClock('2025-01-01T00:05:00.5', '2026-06-10')]).toEqual(['Tue, Jun 9, 10:22 am', 'Wed, Jan 1, 2025, 12:05 am'])
  expect([dayHead('2026-06-10', '2026-06-10'), dayHead('2026-06-09', '2026-06-10'), dayHead('2026-06-02', '2026-06-10')]).toEqual(['Today', 'Yesterday', 'Tue, Jun 2'])
})

describe('working days', () => {
  const calendar: Working = { days: [true, true, true, true, true, false, false], exceptions: [{ day: '2026-12-25', works: false }, { day: '2026-12-26', works: true }] }
  it('leave out weekends and holidays, not Saturday shifts', () => {
    expect(works(calendar, '2026-12-25')).toBe(false)
    expect(addWorking(calendar, '2026-12-24', 1)).toBe('2026-12-26')
    expect(addWorking(calendar, '2026-12-24', 2)).toBe('2026-12-28')
    expect(addWorking(calendar, '2026-12-28', -1)).toBe('2026-12-26')
    expect(workingDays(calendar, '2026-12-21', '2026-12-28')).toBe(6)
    expect(addWorking({ days: Array<boolean>(7).fill(false), exceptions: [] }, '2026-06-05', 3)).toBe('2026-06-05')
  })
})
