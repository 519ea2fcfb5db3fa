// Light, dark and the tenant's colours: roles are set as variables on the document, never as rules.
import { computed, ref } from 'vue'
import type { Palette } from '@/api/types'

type Choice = 'device' | 'light' | 'dark'
const CHOICE = 'pl-theme'
const PALETTE = 'pl-palette'

const choice = ref<Choice>('device')
const deviceDark = ref(false)
let palette: Palette | null = null

/** Whether the page is dark right now. */
export const dark = computed(() => (choice.value === 'device' ? deviceDark.value : choice.value === 'dark'))
export const themeChoice = computed(() => choice.value)

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Storage can be switched off; the choice then lasts for this page only.
  }
}

/** The variables of one palette mode, ready for a style binding. */
export function roles(mode: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(mode).map(([role, hex]) => [`--pl-${role.replaceAll('_', '-')}`, hex]))
}

function paint(): void {
  const root = document.documentElement
  root.dataset.theme = dark.value ? 'dark' : 'light'
  root.classList.toggle('dark', dark.value)
  root.style.colorScheme = dark.value ? 'dark' : 'light'
  if (!palette) return
  for (const [name, hex] of Object.entries(roles(dark.value ? palette.dark : palette.light))) root.style.setProperty(name, hex)
}

/** Takes the tenant's palette over the house colours, and remembers it for the sign-in page. */
export function usePalette(next: Palette | null | undefined, remember = true): void {
  if (!next || !next.light || !next.dark) return
  palette = next
  if (remember) write(PALETTE, JSON.stringify(next))
  paint()
}

/** The next of device, light, dark. */
export function chooseTheme(next: Choice): void {
  choice.value = next
  write(CHOICE, next)
  paint()
}

/** Reads the stored choice and follows the device. `branded` hosts also take the last palette seen. */
export function startTheme(branded: boolean): void {
  const stored = read(CHOICE)
  if (stored === 'light' || stored === 'dark') choice.value = stored
  const media = window.matchMedia('(prefers-color-scheme: dark)')
  deviceDark.value = media.matches
  media.addEventListener('change', (event) => {
    deviceDark.value = event.matches
    paint()
  })
  const last = branded ? read(PALETTE) : null
  if (last) {
    try {
      usePalette(JSON.parse(last) as Palette, false)
    } catch {
      write(PALETTE, 'null')
    }
  }
  paint()
}
