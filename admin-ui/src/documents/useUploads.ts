// Several documents on their way: two at once, each announced just before its bytes.
import { api, take } from '@/api/client'
import { asProblem } from '@/api/problem'
import type { Document, DocumentKind, Visibility } from '@/api/types'
import { bytes } from '@/kit/bytes'
import { isAbort, newTransfer, refuse, useTransfers, type Sending, type Transfer } from '@/kit/transfers'
import { sendContent } from '@/kit/upload'
import { newKey } from '@/kit/useForm'

export interface Planned {
  file: File
  title: string
  kind: DocumentKind
  visibility: Visibility
}

export interface Upload extends Transfer, Planned {
  /** Set once the server knows the document. */
  document: string | null
  number: number
  /** The same try keeps its key, so that a lost answer cannot make two. */
  key: string
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
const fileOf = (file: File) => ({ file_name: file.name, media_type: file.type || 'application/octet-stream', bytes: file.size })

export function useUploads(config: UploadsConfig) {
  const put = config.send ?? sendContent

  async function announce(entry: Upload): Promise<void> {
    const made = await take(api.POST('/projects/{project}/documents', {
      params: { path: { project: config.project }, header: { 'Idempotency-Key': entry.key } },
      body: { title: entry.title, kind: entry.kind, visibility: entry.visibility, ...fileOf(entry.file) },
    }))
    entry.document = made.id
    entry.number = made.versions[made.versions.length - 1]?.number ?? 1
  }

  /** The server took the last version for failed: a new one is begun. */
  async function begin(entry: Upload): Promise<void> {
    if (!entry.document) return announce(entry)
    const made = await take(api.POST('/documents/{document}/versions', {
      params: { path: { document: entry.document }, header: { 'Idempotency-Key': newKey() } }, body: fileOf(entry.file),
    }))
    entry.number = Math.max(...made.versions.map((version) => version.number))
  }

  async function send(entry: Upload, sending: Sending): Promise<void> {
    if (!entry.document) await announce(entry)
    const go = () => put(entry.document ?? '', entry.number, entry.file, sending)
    const document = await go().catch(async (cause: unknown) => {
      if (isAbort(cause) || asProblem(cause).status !== 409) throw cause
      await begin(entry)
      return go()
    })
    entry.state = 'ready'
    config.onReady(document)
  }

  async function takeBack(entry: Upload): Promise<void> {
    const id = entry.document
    if (!id || !config.mayDelete()) return
    entry.document = null
    entry.key = newKey()
    await take(api.DELETE('/documents/{document}', { params: { path: { document: id } } }))
  }

  const queue = useTransfers<Upload>({ atOnce: AT_ONCE, send, takeBack })

  function add(planned: Planned[]): void {
    queue.add(planned.map((plan) => {
      const entry: Upload = { ...newTransfer(plan.file, plan.title), ...plan, document: null, number: 1, key: newKey() }
      if (plan.file.size > config.maxBytes) refuse(entry, `This file has ${bytes(plan.file.size)}. Your plan allows ${bytes(config.maxBytes)} a file.`, { final: true })
      else if (plan.file.size === 0) refuse(entry, 'This file is empty.', { final: true })
      return entry
    }))
  }

  return { ...queue, uploads: queue.entries, add }
}
