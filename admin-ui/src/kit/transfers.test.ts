// Several files on their way: a few at once, announced together, each with its own way out.
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '@/api/problem'
import { newTransfer, pending, refuse, repeatable, useTransfers, type Transfer, type TransferWork } from './transfers'

const file = (name: string) => newTransfer(new File(['x'], name), name)
const states = (entries: Transfer[]) => entries.map((entry) => entry.state)
const begun: { cancelAll: () => void }[] = []
afterEach(async () => {
  for (const one of begun.splice(0)) one.cancelAll()
  await flushPromises()
})
function queue(work: Partial<TransferWork<Transfer>> = {}) {
  const ends: (() => void)[] = []
  const send = vi.fn((_entry: Transfer, { signal }: { signal: AbortSignal }) => new Promise<void>((resolve, reject) => {
    ends.push(resolve)
    signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
  }))
  const made = useTransfers<Transfer>({ atOnce: 3, send, ...work })
  begun.push(made)
  return { ends, send, ...made }
}

describe('useTransfers', () => {
  it('tells the server of all at once, then sends three at a time', async () => {
    const announce = vi.fn(async () => {})
    const { entries, add, ends, send } = queue({ announce })
    add(['a', 'b', 'c', 'd', 'e'].map(file))
    expect(states(entries)).toEqual(Array(5).fill('waiting'))
    await flushPromises()
    expect(announce).toHaveBeenCalledTimes(1)
    expect(states(entries)).toEqual(['sending', 'sending', 'sending', 'waiting', 'waiting'])
    ends[1]?.()
    await flushPromises()
    expect(states(entries)).toEqual(['sending', 'ready', 'sending', 'sending', 'waiting'])
    expect(send).toHaveBeenCalledTimes(4)
  })
  it('fails all of them when the announcement fails, and announces them together again', async () => {
    let broken = true
    const announce = vi.fn(async () => { if (broken) throw new ApiProblem({}, 0) })
    const { entries, add, retryAll } = queue({ announce })
    add(['a', 'b', 'c', 'd'].map(file))
    await flushPromises()
    expect(states(entries)).toEqual(Array(4).fill('failed'))
    expect(entries[0]?.words).toContain('could not reach the server')
    expect(announce).toHaveBeenCalledTimes(1)
    broken = false
    retryAll()
    await flushPromises()
    expect(announce).toHaveBeenCalledTimes(2)
    expect(states(entries)).toEqual(['sending', 'sending', 'sending', 'waiting'])
  })
  it('sends nothing that the announcement refused', async () => {
    const { entries, add, send } = queue({ announce: async (some) => { if (some[1]) refuse(some[1], 'Too large.', { final: true }) } })
    add(['a', 'b'].map(file))
    await flushPromises()
    expect(send).toHaveBeenCalledTimes(1)
    expect(entries[1]).toMatchObject({ state: 'failed', words: 'Too large.' })
    expect(entries[1] && repeatable(entries[1])).toBe(false)
  })
  it('takes back what is cancelled: on its way, waiting, or before it was announced', async () => {
    let announced!: () => void
    const takeBack = vi.fn(async () => {})
    const { entries, add, cancel, retry } = queue({ atOnce: 1, takeBack, announce: () => new Promise((resolve) => (announced = resolve)) })
    add(['a', 'b', 'c'].map(file))
    cancel(entries[2]?.id ?? 0)
    expect(takeBack).not.toHaveBeenCalled()
    announced()
    await flushPromises()
    expect(takeBack).toHaveBeenCalledTimes(1)
    cancel(entries[0]?.id ?? 0)
    cancel(entries[1]?.id ?? 0)
    await flushPromises()
    expect(states(entries)).toEqual(['cancelled', 'cancelled', 'cancelled'])
    expect(takeBack).toHaveBeenCalledTimes(3)
    retry(entries[0]?.id ?? 0)
    announced()
    await flushPromises()
    expect(states(entries)).toEqual(['sending', 'cancelled', 'cancelled'])
  })
  it('asks before the page is left, only while something is on its way', async () => {
    const leave = () => {
      const event = new Event('beforeunload', { cancelable: true })
      window.dispatchEvent(event)
      return event.defaultPrevented
    }
    const { add, ends, cancelAll, entries, clear } = queue()
    expect(leave()).toBe(false)
    add(['a', 'b'].map(file))
    await flushPromises()
    expect(leave()).toBe(true)
    ends[0]?.()
    cancelAll()
    await flushPromises()
    expect(entries.some(pending)).toBe(false)
    expect(leave()).toBe(false)
    clear()
    expect(entries).toHaveLength(0)
  })
})
