// What happens elsewhere, as it happens: one socket a tab, resumed by cursor. Pages say what they show and read it again.
import { getCurrentScope, onScopeDispose, readonly, ref } from 'vue'
import { API_BASE, sessionLost } from '@/api/client'

/** What an event is about; the server's list is `live/model.rs`. */
export type Topic = 'project' | 'schedule' | 'visits' | 'updates' | 'photos' | 'weather' | 'documents' | 'company'

export interface LiveEvent {
  cursor: number
  topic: Topic
  /** As in the audit log: `milestone.completed`. */
  kind: string
  project: string | null
  /** The subject's id. */
  id: string | null
  /** Who did it. */
  actor?: string
  /** Of how many things it tells: `photo.announced`. */
  count?: number
}

type Frame = ({ type: 'event' } & LiveEvent) | { type: 'hello' | 'gap'; cursor: number }

export interface LiveConfig {
  /** Only events of this project. */
  project?: string
  topics: readonly Topic[]
  /** Reads again what the page shows; runs at most once at a time, and again if something came meanwhile. */
  reload: () => unknown
  /** Sees each event before the reload. Not called after a gap. */
  onEvent?: (event: LiveEvent) => void
}

/** The session ended. */
const ENDED = 4401
const FIRST_WAIT = 500
const LONGEST_WAIT = 15_000
/** Several events of one deed are one reload. */
const GATHER = 120

const connected = ref(false)
const pages = new Set<LiveConfig & { poke: () => void }>()
let socket: WebSocket | null = null
let cursor: number | null = null
let tries = 0
let timer: ReturnType<typeof setTimeout> | undefined

/** Whether the page hears of changes at this moment. */
export const live = readonly(connected)

/** Keeps a page up to date for as long as its scope lives. */
export function useLive(config: LiveConfig): void {
  const page = { ...config, poke: gather(config.reload) }
  pages.add(page)
  connect()
  if (getCurrentScope()) {
    onScopeDispose(() => {
      pages.delete(page)
      if (pages.size === 0) close()
    })
  }
}

/** Whether a page shows what this event changed. */
export function concerns(config: Pick<LiveConfig, 'project' | 'topics'>, event: LiveEvent): boolean {
  return config.topics.includes(event.topic) && (!config.project || !event.project || event.project === config.project)
}

function gather(reload: () => unknown): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined
  let running = false
  let again = false
  async function run(): Promise<void> {
    waiting = undefined
    if (running) {
      again = true
      return
    }
    running = true
    try {
      await reload()
    } finally {
      running = false
      if (again) {
        again = false
        poke()
      }
    }
  }
  function poke(): void {
    waiting ??= setTimeout(() => void run(), GATHER)
  }
  return poke
}

function connect(): void {
  clearTimeout(timer)
  if (socket || typeof WebSocket === 'undefined' || pages.size === 0) return
  const url = new URL(`${API_BASE}/live`, location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  if (cursor !== null) url.searchParams.set('after', String(cursor))
  const next = new WebSocket(url)
  socket = next
  next.onmessage = (message: MessageEvent<string>) => receive(JSON.parse(message.data) as Frame)
  next.onclose = (closed) => {
    if (socket !== next) return
    socket = null
    connected.value = false
    if (closed.code === ENDED) sessionLost()
    else retry()
  }
}

function receive(frame: Frame): void {
  tries = 0
  connected.value = true
  cursor = frame.cursor
  for (const page of pages) {
    if (frame.type === 'gap') page.poke()
    if (frame.type === 'event' && concerns(page, frame)) {
      page.onEvent?.(frame)
      page.poke()
    }
  }
}

function retry(): void {
  tries += 1
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries) * (0.5 + Math.random() / 2)
  timer = setTimeout(connect, wait)
}

function close(): void {
  clearTimeout(timer)
  const last = socket
  socket = null
  cursor = null
  connected.value = false
  last?.close()
}

if (typeof window !== 'undefined') {
  const now = () => { if (!socket) { tries = 0; connect() } }
  window.addEventListener('online', now)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) now() })
}
