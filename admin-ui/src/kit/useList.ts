// A list of the server: pages by cursor, search, selection. The pages configure it, DataTable draws it.
import { computed, reactive, ref, shallowRef, watch, type Ref } from 'vue'
import { asProblem, type ApiProblem } from '@/api/problem'

export interface PageOf<T> {
  items: T[]
  next?: string | null
}

export interface PageQuery {
  cursor?: string
  limit: number
  q?: string
}

export interface ListConfig<T> {
  load: (query: PageQuery) => Promise<PageOf<T>>
  key: (item: T) => string
  /** Filters of the page; a change loads the list anew. */
  watch?: () => unknown
  limit?: number
  /** Milliseconds to wait while somebody types. */
  delay?: number
}

export interface List<T> {
  items: Ref<T[]>
  loading: Ref<boolean>
  loadingMore: Ref<boolean>
  problem: Ref<ApiProblem | null>
  q: Ref<string>
  hasMore: Ref<boolean>
  /** Index of the row the keyboard stands on; -1 for none. */
  at: Ref<number>
  current: Ref<T | null>
  key: (item: T) => string
  reload: () => Promise<void>
  more: () => Promise<void>
  move: (step: number) => void
  replace: (item: T) => void
  remove: (key: string) => void
}

export function useList<T>(config: ListConfig<T>): List<T> {
  const items = shallowRef<T[]>([]) as Ref<T[]>
  const loading = ref(true)
  const loadingMore = ref(false)
  const problem = shallowRef<ApiProblem | null>(null)
  const q = ref('')
  const next = ref<string | null>(null)
  const at = ref(-1)
  const limit = config.limit ?? 50
  let run = 0

  function query(cursor?: string): PageQuery {
    const text = q.value.trim()
    return { limit, ...(cursor ? { cursor } : {}), ...(text ? { q: text } : {}) }
  }

  async function reload(): Promise<void> {
    const mine = ++run
    loading.value = true
    try {
      const page = await config.load(query())
      if (mine !== run) return
      items.value = page.items
      next.value = page.next ?? null
      problem.value = null
      at.value = Math.min(at.value, page.items.length - 1)
    } catch (cause) {
      if (mine === run) problem.value = asProblem(cause)
    } finally {
      if (mine === run) loading.value = false
    }
  }

  async function more(): Promise<void> {
    if (!next.value || loadingMore.value) return
    const mine = run
    loadingMore.value = true
    try {
      const page = await config.load(query(next.value))
      if (mine !== run) return
      const known = new Set(items.value.map(config.key))
      items.value = [...items.value, ...page.items.filter((item) => !known.has(config.key(item)))]
      next.value = page.next ?? null
    } catch (cause) {
      problem.value = asProblem(cause)
    } finally {
      loadingMore.value = false
    }
  }

  function move(step: number): void {
    if (items.value.length === 0) return
    at.value = Math.max(0, Math.min(items.value.length - 1, at.value + step))
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  watch(q, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void reload(), config.delay ?? 200)
  })
  if (config.watch) watch(config.watch, () => void reload())
  void reload()

  return {
    items, loading, loadingMore, problem, q, at, key: config.key, reload, more, move,
    hasMore: computed(() => next.value !== null),
    current: computed(() => items.value[at.value] ?? null),
    replace: (item) => {
      items.value = items.value.map((old) => (config.key(old) === config.key(item) ? item : old))
    },
    remove: (key) => {
      items.value = items.value.filter((item) => config.key(item) !== key)
    },
  }
}

/** The same list as one reactive object, for templates and props. */
export type ListState<T> = ReturnType<typeof asState<T>>
export function asState<T>(list: List<T>) {
  return reactive(list)
}
