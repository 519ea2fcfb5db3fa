// Several uploads: limits, retry, words.
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { ApiProblem } from '@/api/problem'
import type { Document } from '@/api/types'
import { useUploads, type UploadsConfig } from './useUploads'
import { newest, readable, titleFrom } from './words'

const made = { id: 'd1', versions: [{ number: 1, state: 'uploading' }] } as unknown as Document
vi.mock('@/api/client', async (original) => ({ ...(await original<typeof import('@/api/client')>()), take: async (request: Promise<unknown>) => request, api: { POST: async () => made, DELETE: async () => undefined } }))

function uploads(config: Partial<UploadsConfig>) {
  let out!: ReturnType<typeof useUploads>
  mount(defineComponent({ setup: () => { out = useUploads({ project: 'p', maxBytes: 10, mayDelete: () => true, onReady: () => {}, ...config }); return () => h('div') } }))
  return out
}
const plan = (name: string, size = 3) => ({ file: new File(['x'.repeat(size)], name), title: name, kind: 'other' as const, visibility: 'internal' as const })

describe('useUploads', () => {
  it('sends two at once, the third when one is done', async () => {
    const done: ((document: Document) => void)[] = []
    const send = vi.fn(() => new Promise<Document>((resolve) => done.push(resolve)))
    const onReady = vi.fn()
    const { uploads: list, add } = uploads({ send, onReady })
    add([plan('a'), plan('b'), plan('c')])
    await flushPromises()
    expect(list.map((entry) => entry.state)).toEqual(['sending', 'sending', 'waiting'])
    done[0]?.(made)
    await flushPromises()
    expect(list.map((entry) => entry.state)).toEqual(['ready', 'sending', 'sending'])
    expect(onReady).toHaveBeenCalledWith(made)
  })
  it('refuses what is too large or empty before a byte is sent', async () => {
    const send = vi.fn()
    const { uploads: list, add } = uploads({ send })
    add([plan('big', 11), plan('empty', 0)])
    await flushPromises()
    expect(send).not.toHaveBeenCalled()
    expect(list.map((entry) => entry.words)).toEqual(['This file has 11 bytes. Your plan allows 10 bytes a file.', 'This file is empty.'])
  })
  it('can be tried again after a failure, and says why it failed', async () => {
    let fails = true
    const send = vi.fn(async () => {
      if (fails) throw new ApiProblem({ detail: 'Storage did not answer.', reference: 'r3' }, 503)
      return made
    })
    const { uploads: list, add, retry } = uploads({ send })
    add([plan('a')])
    await flushPromises()
    expect(list[0]).toMatchObject({ state: 'failed', words: 'Storage did not answer.', reference: 'r3' })
    fails = false
    retry(list[0]?.id ?? 0)
    await flushPromises()
    expect(list[0]?.state).toBe('ready')
  })
  it('is cancelled by the person', async () => {
    const send: UploadsConfig['send'] = (_document, _number, _file, options) => new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))))
    const { uploads: list, add, cancel } = uploads({ send })
    add([plan('a')])
    await flushPromises()
    cancel(list[0]?.id ?? 0)
    await flushPromises()
    expect(list[0]?.state).toBe('cancelled')
  })
})

it('titles come from file names', () => {
  expect(['Permit_2026-final.pdf', 'scan 1.JPEG', '.pdf', 'no ending'].map(titleFrom)).toEqual(['Permit 2026-final', 'scan 1', '.pdf', 'no ending'])
})
it('the newest complete version is the one people read', () => {
  const document = { versions: [{ number: 1, state: 'ready' }, { number: 3, state: 'uploading' }, { number: 2, state: 'ready' }] } as unknown as Document
  expect(readable(document)?.number).toBe(2)
  expect(newest(document)?.number).toBe(3)
})
