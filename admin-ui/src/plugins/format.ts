// What runs use, in figures that people read at a glance: fuel, time, and how much was left.
const grouped = new Intl.NumberFormat('en-US')

/** 1234 becomes "1,234". */
export function figure(number: number): string {
  return grouped.format(number)
}

/** Instructions, about: 10000000 becomes "10 M", 850000 "850 K". */
export function fuel(amount: number): string {
  if (amount < 1000) return String(Math.max(0, Math.round(amount)))
  if (amount < 999_500) return `${short(amount / 1e3)} K`
  if (amount < 999_500_000) return `${short(amount / 1e6)} M`
  return `${short(amount / 1e9)} G`
}

/** One digit behind the point below 100: 5.9, 12.3, 850. */
function short(value: number): string {
  return figure(Number(value.toFixed(value < 99.95 ? 1 : 0)))
}

/** Memory, which limits count by powers of two: 67108864 becomes "64 MiB". Files are decimal, as everywhere (kit/bytes.ts). */
export function memory(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`
  return bytes < 1024 ** 2 ? `${short(bytes / 1024)} KiB` : `${short(bytes / 1024 ** 2)} MiB`
}

/** Microseconds: "0.4 ms", "212 ms", "1.9 s". */
export function took(micros: number): string {
  if (micros < 1000) return micros <= 0 ? '0 ms' : `${Math.max(0.1, Number((micros / 1000).toFixed(1)))} ms`
  if (micros < 1_500_000) return `${figure(Math.round(micros / 1000))} ms`
  return `${Number((micros / 1e6).toFixed(1))} s`
}

/** A part of 1 as "88 %". Never "100 %" or "0 %" while it is neither. */
export function percent(part: number): string {
  if (part <= 0) return '0 %'
  if (part >= 1) return '100 %'
  return `${Math.min(99, Math.max(1, Math.round(part * 100)))} %`
}

export type Left = '' | 'hot' | 'out'

/** How a bar of what is left looks: little below a fifth, nothing at zero. */
export function left(part: number): Left {
  if (part <= 0) return 'out'
  return part < 0.2 ? 'hot' : ''
}

/** The part that is left of a limit, from 0 to 1. */
export function partLeft(used: number, limit: number): number {
  return limit <= 0 ? 0 : Math.max(0, Math.min(1, 1 - used / limit))
}
