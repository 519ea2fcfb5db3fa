// Pages by cursor, search, selection; late answers do not overwrite newer ones.
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'
import { ApiProblem } from '@/api/problem'
import { useList, type ListConfig, type PageQuery } from './useList'

interface Row {
  id: string
}
const rows = (...ids: string[]) => ids.map((id) => ({ id }))
const scope = effectScope()
const list = (load: ListConfig<Row>['load'], extra: Partial<ListConfig<Row>> = {}) => scope.run(() => useList<Row>({ key: (row) => row.id, load, delay: 0, ...extra }))!
afterEach(() => vi.useRealTimers())

describe('useList', () => {
  it('loads page after page and never shows a row twice', async () => {
    const load = vi.fn(async ({ cursor }: PageQuery) => (cursor ? { items: rows('b', 'c') } : { items: rows('a', 'b'), next: 'two' }))
    const { items, more, hasMore } = list(load)
    await flushPromises()
    expect(hasMore.value).toBe(true)
    await more()
    expect(items.value.map((row) => row.id)).toEqual(['a', 'b', 'c'])
    expect(hasMore.value).toBe(false)
    await more()
    expect(load).toHaveBeenCalledTimes(2)
  })
  it('searches with what was typed last', async () => {
    vi.useFakeTimers()
    const load = vi.fn(async (_: PageQuery) => ({ items: rows('a') }))
    const { q } = list(load, { delay: 100 })
    q.value = 'el'
    await vi.advanceTimersByTimeAsync(50)
    q.value = 'ellery '
    await vi.advanceTimersByTimeAsync(150)
    expect(load.mock.calls.map(([query]) => query.q)).toEqual([undefined, 'ellery'])
  })
  it('ignores an answer that comes too late', async () => {
    const answers: ((page: { items: Row[] }) => void)[] = []
    const { items, reload } = list(() => new Promise((resolve) => answers.push(resolve)))
    void reload()
    answers[1]?.({ items: rows('new') })
    answers[0]?.({ items: rows('old') })
    await flushPromises()
    expect(items.value).toEqual(rows('new'))
  })
  it('keeps the rows it has when a reload fails', async () => {
    let fails = false
    const { items, problem, reload } = list(async () => {
      if (fails) throw new ApiProblem({ reference: 'r9' }, 503)
      return { items: rows('a') }
    })
    await flushPromises()
    fails = true
    await reload()
    expect(items.value).toEqual(rows('a'))
    expect(problem.value?.reference).toBe('r9')
  })
  it('moves within its bounds and loads anew when a filter changes', async () => {
    const filter = ref('x')
    const load = vi.fn(async () => ({ items: rows('a', 'b') }))
    const { move, at, current, remove, replace, items } = list(load, { watch: () => filter.value })
    await flushPromises()
    move(1)
    move(5)
    expect(current.value).toEqual({ id: 'b' })
    move(-9)
    expect(at.value).toBe(0)
    filter.value = 'y'
    await flushPromises()
    expect(load).toHaveBeenCalledTimes(2)
    replace({ id: 'a' })
    remove('b')
    expect(items.value).toEqual(rows('a'))
  })
})
