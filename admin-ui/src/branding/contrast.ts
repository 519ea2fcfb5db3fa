// WCAG contrast of two colours, for the numbers beside the samples. The palette itself is the server's.

function channel(value: number): number {
  const share = value / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

function luminance(hex: string): number {
  const full = hex.length === 4 ? `#${[...hex.slice(1)].map((digit) => digit + digit).join('')}` : hex
  const part = (at: number) => channel(Number.parseInt(full.slice(at, at + 2), 16))
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

/** 4.5 and more reads well. */
export function contrast(one: string, two: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(two)].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

/** "#1F5B3F" and "1f5b3f" become "#1f5b3f"; anything else is null. */
export function hexColor(text: string): string | null {
  const found = /^#?([0-9a-f]{6})$/i.exec(text.trim())
  return found ? `#${found[1]?.toLowerCase()}` : null
}
