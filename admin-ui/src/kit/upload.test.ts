// Bytes on their way: progress, refusal, cancelling.
import { describe, expect, it, vi } from 'vitest'
import { onSessionLost } from '@/api/client'
import { contentAddress, fill, sendContent } from './upload'

class FakeXhr {
  upload: { onprogress?: (event: Partial<ProgressEvent>) => void } = {}
  status = 0
  responseText = ''
  headers: Record<string, string> = {}
  method = ''
  address = ''
  body: unknown
  onload = () => {}
  onerror = () => {}
  onabort = () => {}
  open(method: string, address: string) { Object.assign(this, { method, address }) }
  setRequestHeader(name: string, value: string) { this.headers[name] = value }
  getResponseHeader() { return null }
  send(body: unknown) { this.body = body }
  abort() { this.onabort() }
  answer(status: number, body: unknown) {
    this.status = status
    this.responseText = JSON.stringify(body)
    this.onload()
  }
}
function start(options: Parameters<typeof sendContent>[3] = {}) {
  const xhr = new FakeXhr()
  const sent = sendContent('doc 1', 2, new Blob(['abc']), { ...options, open: () => xhr as unknown as XMLHttpRequest })
  return { xhr, sent }
}

describe('sendContent', () => {
  it('puts the bytes at the version’s address and tells how far it is', async () => {
    const shares: number[] = []
    const { xhr, sent } = start({ onProgress: (share) => shares.push(share) })
    expect([xhr.method, xhr.address]).toEqual(['PUT', '/api/v1/documents/doc%201/versions/2/content'])
    expect(xhr.headers['content-type']).toBe('application/octet-stream')
    xhr.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 })
    xhr.answer(200, { id: 'doc 1' })
    expect(await sent).toEqual({ id: 'doc 1' })
    expect(shares).toEqual([0.25, 1])
  })
  it('gives the server’s words when it is refused', async () => {
    const { xhr, sent } = start()
    xhr.answer(413, { code: 'too_large', detail: 'This file is larger than your plan allows.', reference: 'r2' })
    await expect(sent).rejects.toMatchObject({ status: 413, code: 'too_large', reference: 'r2' })
  })
  it('survives an answer that is no problem document', async () => {
    const { xhr, sent } = start()
    xhr.status = 502
    xhr.responseText = '<html>'
    xhr.onload()
    await expect(sent).rejects.toMatchObject({ status: 502 })
  })
  it('can be cancelled', async () => {
    const control = new AbortController()
    const { sent } = start({ signal: control.signal })
    control.abort()
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' })
  })
  it('knows a broken line and a lost session', async () => {
    const lost = vi.fn()
    onSessionLost(lost)
    const broken = start()
    broken.xhr.onerror()
    await expect(broken.sent).rejects.toMatchObject({ status: 0 })
    const out = start()
    out.xhr.answer(401, {})
    await expect(out.sent).rejects.toMatchObject({ status: 401 })
    expect(lost).toHaveBeenCalledTimes(1)
  })
})

it('addresses are filled and escaped', () => {
  expect(fill('/a/{id}/b/{number}', 'x/y', 3)).toBe('/a/x%2Fy/b/3')
  expect(contentAddress('d', 1)).toBe('/api/v1/documents/d/versions/1/content')
})
