// Visits as people read them.
import { describe, expect, it } from 'vitest'
import { dayHead, hour, weekOf, timeWindow } from './words'

describe('visits', () => {
  it('say their window shortly', () => {
    expect(timeWindow('08:00', '11:00')).toBe('8 to 11 am')
    expect(timeWindow('11:00', '14:30')).toBe('11 am to 2:30 pm')
    expect(timeWindow('12:00', '13:00')).toBe('12 to 1 pm')
    expect([hour('00:00'), hour('12:15'), hour('23:45')]).toEqual(['12 am', '12:15 pm', '11:45 pm'])
  })
  it('stand in weeks from Monday, also where the clock changes', () => {
    expect(weekOf('2026-03-08')).toEqual(['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06', '2026-03-07', '2026-03-08'])
    expect(dayHead('2026-06-09', '2026-06-09')).toBe('Today, Tue, Jun 9')
    expect(dayHead('2026-06-11', '2026-06-09')).toBe('Thu, Jun 11')
  })
})
