// Sending a file's bytes with progress. XMLHttpRequest, because fetch reports none; the address and the answer's
// type come from the generated schema.
import { API_BASE, sessionLost } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { paths } from '@/api/schema'
import type { Document, PluginUpload, Problem } from '@/api/types'

type ContentPath = Extract<keyof paths, `/documents/{${string}}/versions/{${string}}/content`>
type PhotoPath = Extract<keyof paths, `/photos/{${string}}/content`>
type RenditionPath = Extract<keyof paths, `/photos/{${string}}/renditions/{${string}}`>
type ArchivePath = Extract<keyof paths, `/projects/{${string}}/photo-archive`>
type LogoPath = Extract<keyof paths, '/branding/logo'>
type PluginsPath = Extract<keyof paths, '/plugins'>
type RecordingPath = Extract<keyof paths, `/plugins/{${string}}/runs/{${string}}/recording`>
type Body<Path extends ContentPath | PhotoPath | LogoPath> = paths[Path] extends { put: { responses: infer R } }
  ? R extends { 200: { content: infer C } } ? C[keyof C] : never
  : never

const CONTENT: ContentPath = '/documents/{document}/versions/{number}/content'
const PHOTO: PhotoPath = '/photos/{photo}/content'
const RENDITION: RenditionPath = '/photos/{photo}/renditions/{size}'
const ARCHIVE: ArchivePath = '/projects/{project}/photo-archive'
const LOGO: LogoPath = '/branding/logo'
const PLUGINS: PluginsPath = '/plugins'
const RECORDING: RecordingPath = '/plugins/{plugin}/runs/{run}/recording'

export interface SendOptions {
  onProgress?: (share: number) => void
  signal?: AbortSignal
  /** Replaced in tests. */
  open?: () => XMLHttpRequest
}

/** Puts the parameters of a generated path in their places, in order. */
export function fill(path: string, ...values: (string | number)[]): string {
  let at = 0
  return path.replace(/\{\w+\}/g, () => encodeURIComponent(String(values[at++] ?? '')))
}

function failure(xhr: XMLHttpRequest): ApiProblem {
  if (xhr.status === 401) sessionLost()
  let problem: Partial<Problem> = {}
  try {
    problem = JSON.parse(xhr.responseText) as Partial<Problem>
  } catch {
    // Not a problem document: the status alone has to do.
  }
  const seconds = Number(xhr.getResponseHeader('retry-after'))
  return new ApiProblem(problem, xhr.status, seconds > 0 ? seconds : null)
}

function put<T>(address: string, file: Blob, type: string, options: SendOptions): Promise<T> {
  return transmit('PUT', address, file, type, options)
}

function transmit<T>(method: 'PUT' | 'POST', address: string, file: Blob, type: string, options: SendOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const { signal, onProgress } = options
    if (signal?.aborted) return reject(new DOMException('Cancelled', 'AbortError'))
    const xhr = options.open ? options.open() : new XMLHttpRequest()
    const abort = () => xhr.abort()
    const done = () => signal?.removeEventListener('abort', abort)
    xhr.open(method, API_BASE + address)
    xhr.setRequestHeader('content-type', type)
    xhr.setRequestHeader('accept', 'application/json')
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress?.(event.loaded / event.total)
    }
    xhr.onload = () => {
      done()
      if (xhr.status < 200 || xhr.status > 299) return reject(failure(xhr))
      onProgress?.(1)
      resolve(JSON.parse(xhr.responseText) as T)
    }
    xhr.onerror = () => (done(), reject(new ApiProblem({}, 0)))
    xhr.onabort = () => (done(), reject(new DOMException('Cancelled', 'AbortError')))
    signal?.addEventListener('abort', abort)
    xhr.send(file)
  })
}

/** Sends the bytes of one document version. */
export function sendContent(document: string, number: Document['versions'][number]['number'], file: Blob, options: SendOptions = {}): Promise<Body<ContentPath>> {
  return put(fill(CONTENT, document, number), file, 'application/octet-stream', options)
}

/** Sends the bytes of an announced photo. */
export function sendPhoto(photo: string, file: Blob, options: SendOptions = {}): Promise<Body<PhotoPath>> {
  return put(fill(PHOTO, photo), file, 'application/octet-stream', options)
}

/** Sends the company's logo. */
export function sendLogo(file: Blob, options: SendOptions = {}): Promise<Body<LogoPath>> {
  return put(LOGO, file, 'application/octet-stream', options)
}

/** Sends a plugin's file. The answer comes when it was checked and translated. */
export function sendPlugin(file: Blob, options: SendOptions = {}): Promise<PluginUpload> {
  return transmit('POST', PLUGINS, file, 'application/octet-stream', options)
}

/** Where a run's recording can be had, for the plugin's author. */
export function recordingAddress(plugin: string, run: string): string {
  return API_BASE + fill(RECORDING, plugin, run)
}

/** Where a version's bytes can be had; the browser downloads it by an ordinary link. */
export function contentAddress(document: string, number: number): string {
  return API_BASE + fill(CONTENT, document, number)
}

/** A picture of a photo to look at: 320, 800 or 1600 pixels on its longest side. */
export function renditionAddress(photo: string, size: 320 | 800 | 1600): string {
  return API_BASE + fill(RENDITION, photo, size)
}

/** Where a photo's original can be had. */
export function originalAddress(photo: string): string {
  return API_BASE + fill(PHOTO, photo)
}

/** All photos of a project as one ZIP file. */
export function archiveAddress(project: string): string {
  return API_BASE + fill(ARCHIVE, project)
}
