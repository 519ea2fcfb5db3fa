// The command palette's state: what the face offers, and what a page adds while it is shown.
import { onBeforeUnmount, ref, shallowRef } from 'vue'

export interface Command {
  label: string
  icon: string
  suffix?: string
  run: () => unknown
}

export interface CommandSource {
  label: string
  /** Fixed commands, or a search the server answers. */
  find: (text: string) => Promise<Command[]> | Command[]
  /** The server searches; the palette does not filter again. */
  remote?: boolean
}

export const paletteOpen = ref(false)
export const sources = shallowRef<CommandSource[]>([])
export const pageCommands = shallowRef<Command[]>([])

export function openPalette(): void {
  paletteOpen.value = true
}

/** Commands of the page that is shown, under "Do". */
export function usePageCommands(commands: Command[]): void {
  pageCommands.value = commands
  onBeforeUnmount(() => {
    if (pageCommands.value === commands) pageCommands.value = []
  })
}
