// Development only: a stand-in for the server's palette, so that the branding page moves without a server.
type Lch = [number, number, number]
const srgb = (v: number) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055)
const lin = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
const toLin = ([L, C, H]: Lch) => {
  const a = C * Math.cos((H * Math.PI) / 180), b = C * Math.sin((H * Math.PI) / 180)
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3, m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3, s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s]
}
const inGamut = (c: Lch) => toLin(c).every((v) => v >= -1e-4 && v <= 1.0001)
const fit = ([L0, C, H]: Lch): Lch => {
  const L = Math.min(1, Math.max(0, L0))
  if (inGamut([L, C, H])) return [L, C, H]
  let lo = 0, hi = C
  for (let i = 0; i < 18; i += 1) {
    const mid = (lo + hi) / 2
    if (inGamut([L, mid, H])) lo = mid
    else hi = mid
  }
  return [L, lo, H]
}
const hex = (c: Lch) => '#' + toLin(fit(c)).map((v) => Math.round(255 * srgb(Math.min(1, Math.max(0, v)))).toString(16).padStart(2, '0')).join('')
const rgb = (h: string) => [1, 3, 5].map((i) => Number.parseInt(h.slice(i, i + 2), 16) / 255)
const oklch = (h: string): Lch => {
  const [r = 0, g = 0, b = 0] = rgb(h).map(lin)
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b), m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b), s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  const A = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, B = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, Math.hypot(A, B), ((Math.atan2(B, A) * 180) / Math.PI + 360) % 360]
}
const lum = (h: string) => {
  const [r = 0, g = 0, b = 0] = rgb(h).map(lin)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const contrast = (a: string, b: string) => {
  const [x = 0, y = 0] = [lum(a), lum(b)].sort((p, q) => q - p)
  return (x + 0.05) / (y + 0.05)
}
const walk = ([L, C, H]: Lch, dir: number, min: number, ...bgs: string[]) => {
  for (let l = L; l >= 0 && l <= 1; l += dir * 0.005) {
    const h = hex([l, C, H])
    if (bgs.every((b) => contrast(h, b) >= min)) return h
  }
  return dir < 0 ? '#000000' : '#ffffff'
}

function mode(input: string, dark: boolean): Record<string, string> {
  const [L, C, H0] = oklch(input)
  const H = C < 0.02 ? 250 : H0, tint = C < 0.02 ? 0 : 1
  const n = (l: number, c: number) => hex([l, c * tint, H])
  const p: Record<string, string> = dark
    ? { surface: n(0.185, 0.01), raised: n(0.228, 0.012), sunken: n(0.155, 0.009), line: n(0.325, 0.014), 'line-strong': n(0.6, 0.016), text: n(0.945, 0.006), muted: n(0.775, 0.012) }
    : { surface: n(0.977, 0.004), raised: '#ffffff', sunken: n(0.95, 0.006), line: n(0.895, 0.008), 'line-strong': n(0.62, 0.014), text: n(0.235, 0.018), muted: n(0.45, 0.016) }
  const soft = (p['brand-soft'] = dark ? hex([0.285, Math.min(C * 0.5, 0.045), H]) : hex([0.955, Math.min(C * 0.3, 0.028), H]))
  p['brand-line'] = dark ? hex([0.43, Math.min(C * 0.6, 0.07), H]) : hex([0.85, Math.min(C * 0.5, 0.06), H])
  const ink = hex([0.19, Math.min(C, 0.03) * tint, H]), white = '#ffffff'
  let solid = dark ? walk([Math.max(L, 0.62), C * 0.92, H], 1, 5, ink) : walk([L, C, H], -1, 4.5, white)
  let on = dark ? ink : white
  if (!dark && L - oklch(solid)[0] > 0.09) {
    on = ink
    solid = walk([L, C, H], 1, 4.5, ink)
  }
  const away = on === white ? -1 : 1, at = oklch(solid)
  Object.assign(p, { brand: solid, 'on-brand': on, 'brand-hover': hex([at[0] + away * 0.05, at[1], H]), 'brand-press': hex([at[0] + away * 0.085, at[1], H]) })
  const grounds = [p.surface ?? white, p.raised ?? white, p.sunken ?? white, soft]
  p['brand-text'] = dark ? walk([Math.max(L, 0.72), C * 0.85, H], 1, 5, ...grounds) : walk([Math.min(L, 0.56), C, H], -1, 5, ...grounds)
  p['brand-mark'] = dark ? walk([Math.max(L, 0.55), C, H], 1, 3, ...grounds) : walk([L, C, H], -1, 3, ...grounds)
  const band = (p.band = dark ? walk([Math.min(0.36, Math.max(0.29, L)), Math.min(C, 0.085), H], -1, 7, white) : solid)
  p['on-band'] = dark ? white : on
  const b = oklch(band), mix = on === white || dark ? 1 : -1
  p['band-line'] = hex([b[0] + mix * 0.13, b[1] * 0.85, H])
  p['on-band-soft'] = walk([b[0] + mix * 0.3, Math.min(b[1], 0.06), H], mix, 4.5, band)
  return p
}

export function palette(input: string) {
  const light = mode(input, false)
  const adjusted = light.brand !== input.toLowerCase()
  return {
    palette: { light, dark: mode(input, true) },
    adjusted,
    near_danger: false,
    words: adjusted ? 'We made your color a little darker so that button text is easy to read.' : 'Your color works as it is for buttons.',
  }
}
