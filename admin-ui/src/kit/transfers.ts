// Files on their way: a few at once, each with progress, retry and cancel of its own. What is sent where, a slice says.
import { computed, reactive, type ComputedRef } from 'vue'
import { asProblem, explain } from '@/api/problem'

export type TransferState = 'waiting' | 'sending' | 'ready' | 'failed' | 'cancelled'

export interface Transfer {
  id: number
  file: File
  title: string
  state: TransferState
  share: number
  /** Why it failed, and what to do. */
  words: string
  reference: string
  /** Sending the same file again cannot help. */
  final: boolean
  /** The server knows of it. */
  announced: boolean
}

export interface Sending {
  signal: AbortSignal
  onProgress: (share: number) => void
}

export interface TransferWork<T extends Transfer> {
  atOnce: number
  /** Tells the server of several at once, before the first byte. Those that it refuses are made to fail by `refuse`. */
  announce?: (entries: T[]) => Promise<void>
  send: (entry: T, sending: Sending) => Promise<void>
  /** After a cancel: takes back what the server knows. */
  takeBack?: (entry: T) => Promise<void>
}

export interface Transfers<T extends Transfer> {
  entries: T[]
  open: ComputedRef<boolean>
  add: (entries: T[]) => void
  cancel: (id: number) => void
  cancelAll: () => void
  retry: (id: number) => void
  retryAll: () => void
  clear: () => void
}

let counter = 0

/** What every transfer begins as. */
export function newTransfer(file: File, title: string): Transfer {
  counter += 1
  return { id: counter, file, title, state: 'waiting', share: 0, words: '', reference: '', final: false, announced: false }
}

/** Lets one fail with these words. */
export function refuse(entry: Transfer, words: string, how: { reference?: string; final?: boolean } = {}): void {
  entry.state = 'failed'
  entry.words = words
  entry.reference = how.reference ?? ''
  entry.final = how.final ?? false
}

/** Whether the person, or the page going away, ended it. */
export function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'AbortError'
}

export const pending = (entry: Pick<Transfer, 'state'>): boolean => entry.state === 'waiting' || entry.state === 'sending'

/** Whether "Try again" has a meaning. */
export const repeatable = (entry: Pick<Transfer, 'state' | 'final'>): boolean => entry.state === 'cancelled' || (entry.state === 'failed' && !entry.final)

/** While anything is on its way, leaving the page asks first. One listener for all queues. */
const busy = new Set<object>()
const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
function watchDoor(queue: object, open: boolean): void {
  const before = busy.size
  if (open) busy.add(queue)
  else busy.delete(queue)
  if (before === 0 && busy.size > 0) window.addEventListener('beforeunload', ask)
  if (before > 0 && busy.size === 0) window.removeEventListener('beforeunload', ask)
}

/** A queue. It needs no page: what was begun goes on while somebody looks at another one. */
export function useTransfers<T extends Transfer>(work: TransferWork<T>): Transfers<T> {
  const entries = reactive<Transfer[]>([]) as T[]
  const controls = new Map<number, AbortController>()
  const announcing = new Set<number>()
  const queue = {}
  const open = computed(() => entries.some(pending))

  function look(): void {
    watchDoor(queue, entries.some(pending))
  }

  function failed(entry: T, cause: unknown): void {
    const problem = asProblem(cause)
    refuse(entry, problem.fields[0]?.detail ?? explain(problem), { reference: problem.reference, final: entry.final })
  }

  function add(more: T[]): void {
    const first = entries.length
    entries.push(...more)
    // The reactive ones, not what was passed in.
    void prepare(entries.slice(first))
  }

  async function prepare(some: T[]): Promise<void> {
    const unknown = some.filter((entry) => entry.state === 'waiting' && !entry.announced)
    look()
    if (work.announce && unknown.length > 0) {
      for (const entry of unknown) announcing.add(entry.id)
      try {
        await work.announce(unknown)
        for (const entry of unknown) entry.announced = true
      } catch (cause) {
        for (const entry of unknown) if (entry.state === 'waiting') failed(entry, cause)
      }
      for (const entry of unknown) announcing.delete(entry.id)
      for (const entry of unknown) if (entry.state === 'cancelled') void takeBack(entry)
    }
    pump()
  }

  function pump(): void {
    let running = entries.filter((entry) => entry.state === 'sending').length
    for (const entry of entries) {
      if (running >= work.atOnce) break
      if (entry.state !== 'waiting' || announcing.has(entry.id)) continue
      running += 1
      void start(entry)
    }
    look()
  }

  async function start(entry: T): Promise<void> {
    entry.state = 'sending'
    entry.share = 0
    const control = new AbortController()
    controls.set(entry.id, control)
    try {
      await work.send(entry, { signal: control.signal, onProgress: (share) => (entry.share = share) })
      if (entry.state === 'sending') entry.state = 'ready'
    } catch (cause) {
      if (isAbort(cause)) {
        entry.state = 'cancelled'
        await takeBack(entry)
      } else failed(entry, cause)
    } finally {
      controls.delete(entry.id)
      pump()
    }
  }

  async function takeBack(entry: T): Promise<void> {
    entry.announced = false
    await work.takeBack?.(entry).catch(() => undefined)
  }

  function cancel(id: number): void {
    const entry = entries.find((one) => one.id === id)
    if (entry?.state === 'waiting') {
      entry.state = 'cancelled'
      if (!announcing.has(id)) void takeBack(entry)
      look()
    }
    controls.get(id)?.abort()
  }

  function again(some: T[]): void {
    for (const entry of some) {
      entry.state = 'waiting'
      entry.words = ''
      entry.reference = ''
      entry.share = 0
    }
    void prepare(some)
  }

  return {
    entries,
    open,
    add,
    cancel,
    cancelAll: () => entries.filter(pending).forEach((entry) => cancel(entry.id)),
    retry: (id) => again(entries.filter((entry) => entry.id === id && repeatable(entry))),
    retryAll: () => again(entries.filter((entry) => entry.state === 'failed' && !entry.final)),
    clear: () => void entries.splice(0, entries.length, ...entries.filter(pending)),
  }
}
