// The weather in words.
import type { Hazard, Weather, WeatherDelay, WorkType } from '@/api/types'
import { span } from '@/kit/days'
import { count } from '@/kit/names'

type Tone = 'positive' | 'warning' | 'danger' | 'info' | 'brand' | ''

export const HAZARD: Record<Hazard, { words: string; icon: string }> = {
  rain: { words: 'Rain', icon: 'i-lucide-cloud-rain' },
  wind: { words: 'Wind', icon: 'i-lucide-wind' },
  heat: { words: 'Heat', icon: 'i-lucide-thermometer-sun' },
  frost: { words: 'Frost', icon: 'i-lucide-snowflake' },
}

export const DELAY: Record<WeatherDelay['state'], { words: string; icon: string; tone: Tone }> = {
  proposed: { words: 'Decide', icon: 'i-lucide-circle-help', tone: 'info' },
  accepted: { words: 'Accepted', icon: 'i-lucide-circle-check', tone: 'positive' },
  dismissed: { words: 'Dismissed', icon: 'i-lucide-circle-slash', tone: '' },
  withdrawn: { words: 'Withdrawn', icon: 'i-lucide-undo-2', tone: '' },
}

/** "Rain speaks against Gutters: 2 working days later" */
export function delayTitle(delay: WeatherDelay): string {
  return `${HAZARD[delay.hazard].words} against ${delay.milestone.name}: ${count(delay.working_days, 'working day')} later`
}

/** "Jun 9 to 10" */
export function lostDays(delay: WeatherDelay): string {
  return span(delay.first_day, delay.last_day)
}

type ForecastDay = Weather['days'][number]

/** The picture of a day: what is worst about it. */
export function dayIcon(day: ForecastDay): string {
  const rain = day.rain_mm ?? 0
  if ((day.max_c ?? 10) <= 0 && rain > 0) return 'i-lucide-snowflake'
  if (rain >= 1) return 'i-lucide-cloud-rain'
  if ((day.wind_kmh ?? 0) >= 50) return 'i-lucide-wind'
  return rain > 0 ? 'i-lucide-cloud' : 'i-lucide-sun'
}

/** What a day brings, in words: "12 mm of rain, gusts of 40 km/h, 8 to 15 °C". */
export function dayWords(day: ForecastDay): string {
  const parts: string[] = []
  if (day.rain_mm !== undefined) parts.push(day.rain_mm > 0 ? `${round(day.rain_mm)} mm of rain` : 'no rain')
  if (day.wind_kmh !== undefined) parts.push(`gusts of ${Math.round(day.wind_kmh)} km/h`)
  if (day.min_c !== undefined && day.max_c !== undefined) parts.push(`${Math.round(day.min_c)} to ${Math.round(day.max_c)} °C`)
  return parts.join(', ')
}

export function round(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value))
}

/** Who of this project cannot work on a day. */
export function lostFor(day: ForecastDay, types: ReadonlySet<WorkType>): WorkType[] {
  return day.lost_for.filter((type) => types.has(type))
}

/** "Accepted by Dana Whitlock" */
export function decided(delay: WeatherDelay): string {
  if (delay.state === 'withdrawn') return delay.over_since ? `Withdrawn: the forecast has turned` : 'Withdrawn'
  const by = delay.decided_by === 'Automatically' ? 'automatically' : delay.decided_by ? `by ${delay.decided_by}` : ''
  return `${DELAY[delay.state].words} ${by}`.trim()
}
