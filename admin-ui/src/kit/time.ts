// Times in the tenant's zone. The server sends UTC; what people read is the company's day.
import { ref } from 'vue'

const fallback = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
const zone = ref(fallback)

/** Sets the zone of the signed-in company. An unknown name leaves the device's zone. */
export function setZone(name: string | undefined): void {
  try {
    if (name) new Intl.DateTimeFormat('en-US', { timeZone: name })
    zone.value = name || fallback
  } catch {
    zone.value = fallback
  }
}

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone.value, ...options }).format(date)
}

function dayKey(date: Date): string {
  return format(date, { year: 'numeric', month: '2-digit', day: '2-digit' })
}

/** "Tue, Jun 9", with the year when it is not this one. */
export function day(iso: string | null | undefined, now = new Date()): string {
  if (!iso) return ''
  const date = new Date(iso)
  const sameYear = format(date, { year: 'numeric' }) === format(now, { year: 'numeric' })
  return format(date, { weekday: 'short', month: 'short', day: 'numeric', ...(sameYear ? {} : { year: 'numeric' }) })
}

/** "4:02 pm" */
export function clock(iso: string | null | undefined): string {
  if (!iso) return ''
  return format(new Date(iso), { hour: 'numeric', minute: '2-digit' }).toLowerCase().replace(/\u202f/g, ' ')
}

/** "Today, 4:02 pm", "Yesterday, 9:10 am", "Tue, Jun 9, 8:00 am" */
export function moment(iso: string | null | undefined, now = new Date()): string {
  if (!iso) return ''
  const date = new Date(iso)
  if (dayKey(date) === dayKey(now)) return `Today, ${clock(iso)}`
  if (dayKey(date) === dayKey(new Date(now.getTime() - 86_400_000))) return `Yesterday, ${clock(iso)}`
  return `${day(iso, now)}, ${clock(iso)}`
}

/** To the second, for the audit log: "Jun 9, 2026, 4:02:11 pm" */
export function precise(iso: string): string {
  return format(new Date(iso), { year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit' })
    .replace(/\u202f/g, ' ').replace(/ (AM|PM)$/, (part) => part.toLowerCase())
}

/** The start of a calendar day of the zone as UTC, for filters: "2026-06-09" -> ISO time. */
export function startOfDay(date: string): string {
  const guess = new Date(`${date}T00:00:00Z`)
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone.value, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  }).formatToParts(guess)
  const part = (type: string) => Number(parts.find((entry) => entry.type === type)?.value)
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return new Date(guess.getTime() - (shown - guess.getTime())).toISOString()
}

/** The zone in use, for the words beside a time. */
export function zoneName(): string {
  return zone.value.replaceAll('_', ' ')
}

/** The company's day at a moment: "2026-06-09". */
export function zoneNow(now: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone.value, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(now)
  const part = (type: string) => parts.find((entry) => entry.type === type)?.value ?? ''
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`
}
