// Weather rules while they are edited. Pure.
import type { WeatherRule, WeatherRules, WorkType } from '@/api/types'
import { decimal } from '@/kit/useForm'
import { WORK } from '@/schedule/words'

export const LIMITS = [
  { key: 'max_rain_mm', head: 'More rain than', unit: 'mm' },
  { key: 'max_wind_kmh', head: 'Gusts over', unit: 'km/h' },
  { key: 'max_heat_c', head: 'Warmer than', unit: '°C' },
  { key: 'min_frost_c', head: 'Colder than', unit: '°C' },
] as const
type Limit = (typeof LIMITS)[number]['key']
export type RuleLine = { work_type: WorkType } & Record<Limit, string>

export function toLines(rules: WeatherRules): RuleLine[] {
  return rules.rules.map((rule) => {
    const text = (limit: Limit) => (rule[limit] === undefined || rule[limit] === null ? '' : String(rule[limit]))
    return { work_type: rule.work_type, max_rain_mm: text('max_rain_mm'), max_wind_kmh: text('max_wind_kmh'), max_heat_c: text('max_heat_c'), min_frost_c: text('min_frost_c') }
  })
}

/** The rules, or what is wrong with what was typed. */
export function toRules(lines: RuleLine[]): WeatherRule[] | string {
  const rules: WeatherRule[] = []
  for (const line of lines) {
    const rule: WeatherRule = { work_type: line.work_type }
    for (const { key, head } of LIMITS) {
      if (line[key].trim() === '') continue
      const value = decimal(line[key])
      if (Number.isNaN(value)) return `${WORK[line.work_type].words}, ${head.toLowerCase()}: write a number, or leave it empty if it does not count.`
      rule[key] = value
    }
    rules.push(rule)
  }
  return rules
}
