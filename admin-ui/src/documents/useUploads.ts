// Several files on their way: two at once, each with progress, retry and cancel of its own.
import { computed, onBeforeUnmount, reactive } from 'vue'
import { api, take } from '@/api/client'
import { asProblem, explain, type ApiProblem } from '@/api/problem'
import type { Document, DocumentKind, Visibility } from '@/api/types'
import { bytes } from '@/kit/bytes'
import { sendContent } from '@/kit/upload'
import { newKey } from '@/kit/useForm'

export interface Planned {
  file: File
  title: string
  kind: DocumentKind
  visibility: Visibility
}

export interface Upload extends Planned {
  id: number
  state: 'waiting' | 'sending' | 'ready' | 'failed' | 'cancelled'
  share: number
  words: string
  reference: string
  /** Set once the server knows the document. */
  document: string | null
  number: number
}

export interface UploadsConfig {
  project: string
  maxBytes: number
  /** Whether a cancelled upload's half-made document may be taken back. */
  mayDelete: () => boolean
  onReady: (document: Document) => void
  send?: typeof sendContent
}

const AT_ONCE = 2

export function useUploads(config: UploadsConfig) {
  const uploads = reactive<Upload[]>([])
  const controls = new Map<number, AbortController>()
  const keys = new Map<number, string>()
  const send = config.send ?? sendContent
  let counter = 0

  const running = computed(() => uploads.filter((entry) => entry.state === 'sending').length)
  const open = computed(() => uploads.some((entry) => entry.state === 'sending' || entry.state === 'waiting'))

  function add(planned: Planned[]): void {
    for (const plan of planned) {
      const id = ++counter
      keys.set(id, newKey())
      const entry: Upload = { ...plan, id, state: 'waiting', share: 0, words: '', reference: '', document: null, number: 1 }
      if (plan.file.size > config.maxBytes) fail(entry, `This file has ${bytes(plan.file.size)}. Your plan allows ${bytes(config.maxBytes)} a file.`)
      else if (plan.file.size === 0) fail(entry, 'This file is empty.')
      uploads.push(entry)
    }
    pump()
  }

  function fail(entry: Upload, words: string, problem?: ApiProblem): void {
    entry.state = 'failed'
    entry.words = words
    entry.reference = problem?.reference ?? ''
  }

  function pump(): void {
    for (const entry of uploads) {
      if (running.value >= AT_ONCE) return
      if (entry.state === 'waiting') void start(entry)
    }
  }

  async function announce(entry: Upload): Promise<void> {
    const made = await take(api.POST('/projects/{project}/documents', {
      params: { path: { project: config.project }, header: { 'Idempotency-Key': keys.get(entry.id) ?? newKey() } },
      body: {
        title: entry.title, kind: entry.kind, visibility: entry.visibility, file_name: entry.file.name,
        media_type: entry.file.type || 'application/octet-stream', bytes: entry.file.size,
      },
    }))
    entry.document = made.id
    entry.number = made.versions[made.versions.length - 1]?.number ?? 1
  }

  /** The server took the last version for failed: a new one is begun. */
  async function begin(entry: Upload): Promise<void> {
    if (!entry.document) return announce(entry)
    const made = await take(api.POST('/documents/{document}/versions', {
      params: { path: { document: entry.document }, header: { 'Idempotency-Key': newKey() } },
      body: { file_name: entry.file.name, media_type: entry.file.type || 'application/octet-stream', bytes: entry.file.size },
    }))
    entry.number = Math.max(...made.versions.map((version) => version.number))
  }

  async function start(entry: Upload): Promise<void> {
    entry.state = 'sending'
    entry.share = 0
    entry.words = ''
    const control = new AbortController()
    controls.set(entry.id, control)
    try {
      if (!entry.document) await announce(entry)
      const options = { signal: control.signal, onProgress: (share: number) => (entry.share = share) }
      const document = await send(entry.document ?? '', entry.number, entry.file, options).catch(async (cause: unknown) => {
        if (asConflict(cause)) {
          await begin(entry)
          return send(entry.document ?? '', entry.number, entry.file, options)
        }
        throw cause
      })
      entry.state = 'ready'
      config.onReady(document)
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'AbortError') await takeBack(entry)
      else {
        const problem = asProblem(cause)
        fail(entry, explain(problem), problem)
      }
    } finally {
      controls.delete(entry.id)
      pump()
    }
  }

  function asConflict(cause: unknown): boolean {
    return cause instanceof Error && asProblemStatus(cause) === 409
  }

  function asProblemStatus(cause: Error): number {
    return 'status' in cause ? Number(cause.status) : -1
  }

  async function takeBack(entry: Upload): Promise<void> {
    entry.state = 'cancelled'
    if (!entry.document || !config.mayDelete()) return
    const id = entry.document
    entry.document = null
    keys.set(entry.id, newKey())
    await take(api.DELETE('/documents/{document}', { params: { path: { document: id } } })).catch(() => undefined)
  }

  function find(id: number): Upload | undefined {
    return uploads.find((entry) => entry.id === id)
  }

  function cancel(id: number): void {
    const entry = find(id)
    if (entry?.state === 'waiting') entry.state = 'cancelled'
    controls.get(id)?.abort()
  }

  function retry(id: number): void {
    const entry = find(id)
    if (!entry || entry.file.size > config.maxBytes || (entry.state !== 'failed' && entry.state !== 'cancelled')) return
    entry.state = 'waiting'
    pump()
  }

  function clear(): void {
    const kept = uploads.filter((entry) => entry.state === 'sending' || entry.state === 'waiting')
    uploads.splice(0, uploads.length, ...kept)
  }

  const warn = (event: BeforeUnloadEvent) => open.value && event.preventDefault()
  window.addEventListener('beforeunload', warn)
  onBeforeUnmount(() => window.removeEventListener('beforeunload', warn))

  return { uploads, open, add, cancel, retry, clear }
}
