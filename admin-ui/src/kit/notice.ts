// Short confirmations, in a polite live region, for at least six seconds. Errors never live here alone.
import { reactive } from 'vue'

export interface NoticeAction {
  label: string
  run: () => unknown
}

export interface Notice {
  id: number
  words: string
  action?: NoticeAction
}

/** What is shown now, oldest first. */
export const notices = reactive<Notice[]>([])
const SHOWN_MS = 8000
const AT_MOST = 3
const clocks = new Map<number, ReturnType<typeof setTimeout>>()
let last = 0

/** Takes a notice away. */
export function dismiss(id: number): void {
  hold(id)
  const at = notices.findIndex((notice) => notice.id === id)
  if (at >= 0) notices.splice(at, 1)
}

/** Keeps a notice while somebody looks at it. */
export function hold(id: number): void {
  clearTimeout(clocks.get(id))
  clocks.delete(id)
}

/** Lets a notice go after its time. */
export function release(id: number): void {
  hold(id)
  clocks.set(id, setTimeout(() => dismiss(id), SHOWN_MS))
}

export function useNotice() {
  return (words: string, action?: NoticeAction): void => {
    const id = ++last
    notices.push({ id, words, ...(action ? { action } : {}) })
    const oldest = notices[0]
    if (notices.length > AT_MOST && oldest) dismiss(oldest.id)
    release(id)
  }
}
