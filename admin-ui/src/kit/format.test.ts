// Sizes, times and names as people read them.
import { afterEach, describe, expect, it } from 'vitest'
import { bytes } from './bytes'
import { count, firstName, initials } from './names'
import { clock, day, moment, precise, setZone, startOfDay } from './time'

afterEach(() => setZone('UTC'))

describe('bytes', () => {
  it('uses the unit people know', () => {
    expect([0, 1, 999, 1000, 1500, 842_113, 2_911_004, 50_000_000, 3_200_000_000].map(bytes)).toEqual([
      '0 bytes', '1 byte', '999 bytes', '1 KB', '1.5 KB', '842 KB', '2.9 MB', '50 MB', '3.2 GB',
    ])
  })
  it('goes up a unit instead of showing 1000', () => expect(bytes(999_950)).toBe('1 MB'))
  it('says nothing about nonsense', () => expect(bytes(Number.NaN)).toBe(''))
})

describe('times', () => {
  const now = new Date('2026-06-10T15:00:00Z')
  it('are the company’s, not the device’s', () => {
    setZone('America/Chicago')
    expect(clock('2026-06-09T21:02:00Z')).toBe('4:02 pm')
    setZone('Pacific/Auckland')
    expect(clock('2026-06-09T21:02:00Z')).toBe('9:02 am')
  })
  it('keep the day at both ends of the world', () => {
    setZone('Pacific/Kiritimati')
    expect(day('2026-06-09T11:00:00Z', now)).toBe('Wed, Jun 10')
    setZone('Etc/GMT+12')
    expect(day('2026-06-09T11:00:00Z', now)).toBe('Mon, Jun 8')
  })
  it('say today and yesterday when that is true', () => {
    setZone('America/Chicago')
    expect(moment('2026-06-10T05:30:00Z', now)).toBe('Today, 12:30 am')
    expect(moment('2026-06-10T04:30:00Z', now)).toBe('Yesterday, 11:30 pm')
    expect(moment('2026-06-01T16:00:00Z', now)).toBe('Mon, Jun 1, 11:00 am')
  })
  it('name the year when it is another', () => expect(day('2025-12-31T12:00:00Z', now)).toBe('Wed, Dec 31, 2025'))
  it('are exact in the log', () => {
    setZone('UTC')
    expect(precise('2026-06-09T16:02:11.123456Z')).toBe('Jun 9, 2026, 4:02:11 pm')
  })
  it('begin a day where the zone begins it', () => {
    setZone('America/Chicago')
    expect(startOfDay('2026-06-09')).toBe('2026-06-09T05:00:00.000Z')
    setZone('UTC')
    expect(startOfDay('2026-06-09')).toBe('2026-06-09T00:00:00.000Z')
  })
  it('fall back when the zone is unknown', () => {
    expect(() => setZone('Not/AZone')).not.toThrow()
    expect(day(null)).toBe('')
  })
})

describe('names', () => {
  it('are shortened', () => {
    expect(initials('Dana Whitlock')).toBe('DW')
    expect(initials('Ife')).toBe('I')
    expect(initials('')).toBe('')
    expect(firstName('Margaret Ellery')).toBe('Margaret')
    expect([count(1, 'document'), count(3, 'document')]).toEqual(['1 document', '3 documents'])
  })
})
