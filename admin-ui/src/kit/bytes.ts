// Sizes of files in words people use.
const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB']

/** 1536 becomes "1.5 KB". Decimal units, as file managers show them. */
export function bytes(count: number): string {
  if (!Number.isFinite(count) || count < 0) return ''
  if (count === 1) return '1 byte'
  let value = count
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1
  return `${Number(value.toFixed(digits))} ${UNITS[unit]}`
}
