// Photos on their way: announced together, sent three at a time. They outlive the tab, so that staff can go on working.
import { api, take } from '@/api/client'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { Photo, Visibility } from '@/api/types'
import { useNotice } from '@/kit/notice'
import { isAbort, newTransfer, refuse, useTransfers, type Sending, type Transfer, type Transfers } from '@/kit/transfers'
import { sendPhoto } from '@/kit/upload'
import { newKey } from '@/kit/useForm'
import { summaryOf } from './words'

/** What is said of all photos that are added together. */
export interface Batch {
  visibility: Visibility
  room: string
  phase_id?: string
  shot_id?: string
  update_id?: string
}

export interface PhotoUpload extends Transfer {
  batch: Batch
  /** Set once the server knows the photo. */
  photo: string | null
}

export interface PhotoQueue extends Omit<Transfers<PhotoUpload>, 'add'> {
  add: (files: File[], batch: Batch) => void
  /** Hears of each photo that has come, until the answer is called. */
  onArrived: (listener: (photo: Photo) => void) => () => void
}

export interface PhotoQueueConfig {
  project: string
  send?: typeof sendPhoto
  /** Waits before a silent second try; replaced in tests. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

const AT_ONCE = 3
/** The most the server takes in one announcement. */
const TOGETHER = 50
/** A phone loses its network for a moment: that is no reason to trouble anybody. */
const PATIENCE = [2_000, 8_000]

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => (clearTimeout(timer), reject(new DOMException('Cancelled', 'AbortError'))), { once: true })
  })
}

const passing = (problem: ApiProblem): boolean => [0, 429, 502, 503, 504].includes(problem.status)

/** Files of one batch stay together, at most fifty at a time. */
export function groups(entries: readonly PhotoUpload[]): PhotoUpload[][] {
  const batches = new Map<string, PhotoUpload[]>()
  for (const entry of entries) {
    const key = JSON.stringify(entry.batch)
    batches.set(key, [...(batches.get(key) ?? []), entry])
  }
  return [...batches.values()].flatMap((batch) => Array.from({ length: Math.ceil(batch.length / TOGETHER) }, (_, n) => batch.slice(n * TOGETHER, (n + 1) * TOGETHER)))
}

export function makeQueue(config: PhotoQueueConfig): PhotoQueue {
  const put = config.send ?? sendPhoto
  const wait = config.wait ?? pause
  const keys = new Map<string, string>()
  const listeners = new Set<(photo: Photo) => void>()
  const notice = useNotice()

  async function announceSome(entries: PhotoUpload[]): Promise<void> {
    const first = entries[0]
    if (!first) return
    // The same files under the same key: an answer that was lost cannot make them twice.
    const name = entries.map((entry) => entry.id).join()
    const key = keys.get(name) ?? newKey()
    keys.set(name, key)
    const { items } = await take(api.POST('/projects/{project}/photos', {
      params: { path: { project: config.project }, header: { 'Idempotency-Key': key } },
      body: { ...first.batch, photos: entries.map(({ file }) => ({ file_name: file.name, media_type: file.type || 'application/octet-stream', bytes: file.size })) },
    }))
    keys.delete(name)
    entries.forEach((entry, n) => {
      const photo = items[n]
      entry.photo = photo?.id ?? null
      if (photo?.state === 'failed') refuse(entry, photo.error_words ?? 'This file cannot be added.', { final: true })
    })
  }

  async function announce(entries: PhotoUpload[]): Promise<void> {
    for (const group of groups(entries)) await announceSome(group)
  }

  async function once(entry: PhotoUpload, sending: Sending): Promise<Photo> {
    const id = entry.photo ?? ''
    try {
      return await put(id, entry.file, sending)
    } catch (cause) {
      const problem = isAbort(cause) ? null : asProblem(cause)
      // The bytes had come; only the answer was lost.
      if (problem?.code === 'photo_ready') return take(api.GET('/photos/{photo}', { params: { path: { photo: id } } }))
      if (problem?.code === 'photo_failed' || problem?.status === 404) entry.announced = false
      else if (problem?.code.startsWith('photo_')) entry.final = true
      throw problem ?? cause
    }
  }

  async function send(entry: PhotoUpload, sending: Sending): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        const photo = await once(entry, sending)
        entry.state = 'ready'
        for (const listener of listeners) listener(photo)
        if (listeners.size === 0 && !queue.open.value) notice(`${summaryOf(queue.entries)}.`)
        return
      } catch (cause) {
        const delay = PATIENCE[tries]
        if (isAbort(cause) || delay === undefined || !passing(asProblem(cause))) throw cause
        sending.onProgress(0)
        await wait(Math.max(delay, (asProblem(cause).retryAfter ?? 0) * 1000), sending.signal)
      }
    }
  }

  async function takeBack(entry: PhotoUpload): Promise<void> {
    const id = entry.photo
    entry.photo = null
    if (id) await take(api.DELETE('/photos/{photo}', { params: { path: { photo: id } } }))
  }

  const queue = useTransfers<PhotoUpload>({ atOnce: AT_ONCE, announce, send, takeBack })
  return {
    ...queue,
    add: (files, batch) => queue.add(files.map((file) => ({ ...newTransfer(file, file.name), batch, photo: null }))),
    onArrived: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const queues = new Map<string, PhotoQueue>()

/** The one queue of a project. */
export function photoQueue(project: string): PhotoQueue {
  const known = queues.get(project)
  if (known) return known
  const made = makeQueue({ project })
  queues.set(project, made)
  return made
}
