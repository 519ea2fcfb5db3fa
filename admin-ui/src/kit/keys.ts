// Single-letter keys: off while typing, off when a dialog is open, and they can be turned off for good.
import { onBeforeUnmount, onMounted, ref } from 'vue'

const STORED = 'pl-keys'
function stored(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off'
  } catch {
    return true
  }
}

/** Whether single-letter keys are on. */
export const keysOn = ref(stored())

export function setKeys(on: boolean): void {
  keysOn.value = on
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off')
  } catch {
    // Lasts for this page.
  }
}

/** Whether the event comes from a place where letters are text. */
export function typing(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null
  return !!target?.closest('input, textarea, select, [contenteditable="true"], [role="combobox"]')
}

/** Runs `handler` for keys that are commands. Returning true means it was used. */
export function useKeys(handler: (key: string, event: KeyboardEvent) => boolean | void): void {
  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event)) return
    if (!keysOn.value && /^[a-z?]$/i.test(event.key)) return
    if (document.querySelector('[role="dialog"][data-state="open"], [role="menu"][data-state="open"]')) return
    if (handler(event.key, event)) event.preventDefault()
  }
  onMounted(() => window.addEventListener('keydown', onKey))
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey))
}
