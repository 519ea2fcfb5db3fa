// What the photo pages of a project know: photos by pages, the required ones, pairs, and the names of phases.
import { computed, ref, shallowRef, watch } from 'vue'
import { api, take } from '@/api/client'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { Phase, Photo, PhotoPair, Shot } from '@/api/types'
import { passes, roomsOf, type Filter } from './words'

const PAGE = 100

export function usePhotoBoard(project: string, filter: () => Filter = () => ({})) {
  const params = { path: { project } }
  const photos = shallowRef<Photo[]>([])
  const next = ref<string | null>(null)
  const loading = ref(true)
  const problem = shallowRef<ApiProblem | null>(null)
  const shots = shallowRef<Shot[]>([])
  const pairs = shallowRef<PhotoPair[]>([])
  const phases = shallowRef<Phase[]>([])
  const known = shallowRef<string[]>([])
  let run = 0

  function page(cursor?: string) {
    return take(api.GET('/projects/{project}/photos', { params: { ...params, query: { limit: PAGE, ...filter(), ...(cursor ? { cursor } : {}) } } }))
  }
  function keep(items: Photo[]): void {
    photos.value = items
    known.value = [...new Set([...known.value, ...roomsOf(items)])].sort((a, b) => a.localeCompare(b))
  }

  /** As much of the list as is shown. */
  async function readPhotos(): Promise<void> {
    const mine = ++run
    const pages = Math.max(1, Math.ceil(photos.value.length / PAGE))
    const items: Photo[] = []
    let cursor: string | null | undefined
    for (let n = 0; n < pages; n += 1) {
      const part = await page(cursor ?? undefined)
      items.push(...part.items)
      cursor = part.next
      if (!cursor) break
    }
    if (mine !== run) return
    keep(items)
    next.value = cursor ?? null
  }

  async function more(): Promise<void> {
    if (!next.value || loading.value) return
    const mine = run
    loading.value = true
    try {
      const part = await page(next.value)
      if (mine !== run) return
      keep([...photos.value, ...part.items])
      next.value = part.next ?? null
    } catch (cause) {
      problem.value = asProblem(cause)
    } finally {
      loading.value = false
    }
  }

  async function readRest(): Promise<void> {
    const [needed, sides, schedule] = await Promise.all([
      take(api.GET('/projects/{project}/shots', { params })),
      take(api.GET('/projects/{project}/photo-pairs', { params })),
      take(api.GET('/projects/{project}/schedule', { params })),
    ])
    shots.value = needed.items
    pairs.value = sides.items
    phases.value = schedule.phases
  }

  async function reload(): Promise<void> {
    loading.value = true
    try {
      await Promise.all([readPhotos(), readRest()])
      problem.value = null
    } catch (cause) {
      problem.value = asProblem(cause)
    } finally {
      loading.value = false
    }
  }
  watch(() => JSON.stringify(filter()), () => {
    photos.value = []
    void reload()
  })
  void reload()

  /** Takes a photo that has changed or come. */
  function put(photo: Photo): void {
    const there = photos.value.some((one) => one.id === photo.id)
    if (there) keep(photos.value.map((one) => (one.id === photo.id ? photo : one)))
    else if (passes(filter(), photo)) keep([photo, ...photos.value])
    if (photo.shot_id && photo.state === 'ready') shots.value = shots.value.map((shot) => (shot.id === photo.shot_id && !shot.photo_id ? { ...shot, photo_id: photo.id } : shot))
  }
  function remove(id: string): void {
    photos.value = photos.value.filter((photo) => photo.id !== id)
    pairs.value = pairs.value.filter((pair) => pair.before_id !== id && pair.after_id !== id)
  }

  return {
    photos, loading, problem, shots, pairs, phases, reload, more, put, remove,
    rooms: known,
    hasMore: computed(() => next.value !== null),
    ready: computed(() => photos.value.filter((photo) => photo.state === 'ready')),
    failed: computed(() => photos.value.filter((photo) => photo.state === 'failed')),
  }
}

export type PhotoBoard = ReturnType<typeof usePhotoBoard>
