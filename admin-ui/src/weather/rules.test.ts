// Limits as they are typed.
import { describe, expect, it } from 'vitest'
import type { WeatherRules } from '@/api/types'
import { toLines, toRules } from './rules'

describe('rules', () => {
  const rules: WeatherRules = { accept: 'by_staff', rules: [{ work_type: 'roofing', max_rain_mm: 1, max_wind_kmh: 50, min_frost_c: -0.5 }] }
  it('keep what does not count empty, and zero as zero', () => {
    const lines = toLines({ ...rules, rules: [{ work_type: 'roofing', max_rain_mm: 0 }] })
    expect(lines[0]).toMatchObject({ max_rain_mm: '0', max_wind_kmh: '' })
    expect(toRules(lines)).toEqual([{ work_type: 'roofing', max_rain_mm: 0 }])
    expect(toRules(toLines(rules))).toEqual(rules.rules)
  })
  it('take a comma, and say what is no number', () => {
    const [line] = toLines(rules)
    if (!line) throw new Error('no line')
    expect(toRules([{ ...line, max_rain_mm: '0,5' }])).toMatchObject([{ max_rain_mm: 0.5 }])
    expect(toRules([{ ...line, max_wind_kmh: 'much' }])).toMatch(/^Roofing, gusts over/)
  })
})
