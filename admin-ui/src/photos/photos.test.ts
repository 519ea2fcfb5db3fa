// Photos on their way, sorted and put into words.
import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '@/api/problem'
import type { Photo, Shot } from '@/api/types'
import { setZone } from '@/kit/time'
import type { Transfer } from '@/kit/transfers'
import { changeOf, changeOfMany } from './changes'
import { groups, makeQueue, type PhotoQueueConfig, type PhotoUpload } from './uploads'
import { beforeAfter, byDay, filterOf, missingFirst, missingWords, moved, passes, pictures, roomsOf, runsOf, runWords, shotCount, summaryOf } from './words'

const calls = vi.hoisted(() => ({ posted: [] as { body: { photos: { file_name: string }[] }; params: { header: Record<string, string> } }[], deleted: [] as string[], refuse: '' }))
vi.mock('@/api/client', async (original) => ({
  ...(await original<typeof import('@/api/client')>()),
  take: async (request: Promise<unknown>) => request,
  api: {
    POST: async (_path: string, call: (typeof calls.posted)[number]) => {
      calls.posted.push(call)
      return { items: call.body.photos.map((file, n) => ({ id: `p${calls.posted.length}-${n}`, state: file.file_name === calls.refuse ? 'failed' : 'uploading', error_words: 'The file is larger than 30 MB.' })) }
    },
    DELETE: async (_path: string, call: { params: { path: { photo: string } } }) => void calls.deleted.push(call.params.path.photo),
    GET: async () => ({ id: 'p1-0', state: 'ready' }),
  },
}))
beforeEach(() => Object.assign(calls, { posted: [], deleted: [], refuse: '' }))

const batch = { visibility: 'client' as const, room: 'Kitchen' }
const files = (...names: string[]) => names.map((name) => new File(['x'], name, { type: 'image/jpeg' }))
const ready = { id: 'x', state: 'ready' } as Photo
const queue = (send: PhotoQueueConfig['send']) => makeQueue({ project: 'p', send, wait: async () => {} })

describe('a project’s photos on their way', () => {
  it('are announced in one call, and each refusal keeps the server’s reason', async () => {
    calls.refuse = 'b.jpg'
    const arrived: Photo[] = []
    const { add, entries, onArrived } = queue(async (id) => {
      if (id === 'p1-3') throw new ApiProblem({ code: 'photo_heic', detail: 'Your phone sent HEIC.' }, 422)
      return ready
    })
    onArrived((photo) => arrived.push(photo))
    add(files('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'), batch)
    await flushPromises()
    expect(calls.posted).toHaveLength(1)
    expect(entries.map((entry) => [entry.state, entry.words, entry.final])).toEqual([['ready', '', false], ['failed', 'The file is larger than 30 MB.', true], ['ready', '', false], ['failed', 'Your phone sent HEIC.', true]])
    expect(summaryOf(entries)).toBe('2 arrived, 2 could not be added')
    expect(arrived).toHaveLength(2)
  })
  it('bear a lost network silently, twice', async () => {
    const send = vi.fn(async () => {
      if (send.mock.calls.length < 3) throw new ApiProblem({}, 0)
      return ready
    })
    const { add, entries } = queue(send)
    add(files('a.jpg'), batch)
    await flushPromises()
    expect(send).toHaveBeenCalledTimes(3)
    expect(entries[0]?.state).toBe('ready')
  })
  it('are there when only the answer was lost', async () => {
    const { add, entries } = queue(async () => { throw new ApiProblem({ code: 'photo_ready', detail: 'There already.' }, 409) })
    add(files('a.jpg'), batch)
    await flushPromises()
    expect(entries[0]?.state).toBe('ready')
  })
  it('are announced anew when the server gave them up', async () => {
    const { add, entries, retry } = queue(async (id) => {
      if (id === 'p1-0') throw new ApiProblem({ code: 'photo_failed', detail: 'Given up.' }, 409)
      return ready
    })
    add(files('a.jpg'), batch)
    await flushPromises()
    expect(entries[0]).toMatchObject({ state: 'failed', final: false })
    retry(entries[0]?.id ?? 0)
    await flushPromises()
    expect(calls.posted).toHaveLength(2)
    expect(entries[0]).toMatchObject({ state: 'ready', photo: 'p2-0' })
  })
  it('are withdrawn when they are cancelled', async () => {
    const { add, entries, cancel } = queue((_id, _file, options) => new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))))
    add(files('a.jpg'), batch)
    await flushPromises()
    cancel(entries[0]?.id ?? 0)
    await flushPromises()
    expect(entries[0]).toMatchObject({ state: 'cancelled', photo: null })
    expect(calls.deleted).toEqual(['p1-0'])
  })
  it('go in announcements of fifty, one batch each', () => {
    const many = (count: number, room: string) => Array.from({ length: count }, () => ({ batch: { ...batch, room } }) as PhotoUpload)
    expect(groups([...many(60, 'a'), ...many(3, 'b')]).map((group) => group.length)).toEqual([50, 10, 3])
  })
})

const photo = (part: Partial<Photo>) => ({ id: 'p', state: 'ready', room: '', caption: '', uploaded_by: 'Joss Abara', created_at: '2026-06-09T02:00:00Z', visibility: 'client', ...part }) as Photo

describe('photos in order', () => {
  it('stand under the day of the camera, else of the company', () => {
    setZone('America/Chicago')
    const days = byDay([photo({ id: 'a' }), photo({ id: 'b', taken_at: '2026-06-09T10:00:00' }), photo({ id: 'c', created_at: '2026-06-08T20:00:00Z' })])
    expect(days.map(({ day, photos }) => [day, photos.map((one) => one.id)])).toEqual([['2026-06-09', ['b']], ['2026-06-08', ['a', 'c']]])
    setZone(undefined)
  })
  it('are filtered by the address', () => {
    const filter = filterOf({ see: 'internal', room: 'Kitchen', phase: '', other: ['x'] })
    expect(filter).toEqual({ visibility: 'internal', phase: undefined, room: 'Kitchen' })
    expect(filterOf({ see: 'everybody' })).toEqual({ visibility: undefined, phase: undefined, room: undefined })
    expect([photo({ room: 'Kitchen', visibility: 'internal' }), photo({ room: 'Kitchen' }), photo({ visibility: 'internal' })].map((one) => passes(filter, one))).toEqual([true, false, false])
  })
  it('name each room once', () => expect(roomsOf([photo({ room: 'Hall' }), photo({ room: 'Bath' }), photo({}), photo({ room: 'Hall' })])).toEqual(['Bath', 'Hall']))
  it('show who else is adding some', () => {
    const now = Date.parse('2026-06-09T02:03:00Z')
    const list = [photo({ id: 'a' }), photo({ id: 'b', state: 'uploading' }), photo({ id: 'c', state: 'failed' }), photo({ id: 'd', state: 'uploading', uploaded_by: 'Me' }), photo({ id: 'e', uploaded_by: 'Lena' })]
    expect(runsOf(list, new Set(['d']), now)).toMatchObject([{ who: 'Joss Abara', all: 3, there: 1, failed: 1, active: true }])
    const [run, later] = [now, now + 3_600_000].map((at) => runsOf(list, new Set(['d']), at)[0])
    expect(later?.active).toBe(false)
    if (!run || !later) throw new Error('no run')
    expect(runWords(run, 'Me', '')).toBe('Joss is adding 3 photos: 1 is there, 1 could not be added.')
    expect(runWords(run, 'Joss Abara', '')).toContain('You are adding 3 photos elsewhere')
    expect(runWords(later, 'Me', 'Today, 9:00 am')).toBe('Joss began to add 3 photos (Today, 9:00 am): 1 is there, 1 could not be added, the rest has not come.')
  })
  it('become before and after by their age', () => {
    const [old, young] = [photo({ id: 'old', taken_at: '2026-06-01T10:00:00' }), photo({ id: 'young' })]
    expect(beforeAfter(young, old).map((one) => one.id)).toEqual(['old', 'young'])
  })
})

it('the summary says how far it is, then what became of it', () => {
  const of = (...states: Transfer['state'][]) => summaryOf(states.map((state) => ({ state })))
  expect(of('ready', 'sending', 'waiting', 'failed')).toBe('1 of 4 are there, 1 could not be added')
  expect([of('ready', 'ready'), of('ready'), of('ready', 'failed', 'cancelled')]).toEqual(['All 2 arrived', 'The photo arrived', '1 arrived, 1 could not be added, 1 cancelled'])
})

it('required photos are counted, the missing ones first', () => {
  const shots = [{ id: 'a', name: 'A', photo_id: 'p' }, { id: 'b', name: 'B' }] as Shot[]
  expect([shotCount(shots), missingWords(shots), missingWords([]), missingFirst(shots).map((shot) => shot.id).join('')]).toEqual(['1 of 2', '1 required photo is missing', '', 'ba'])
  expect([moved(['a', 'b', 'c'], 0, 1), moved(['a', 'b'], 1, 1)]).toEqual([['b', 'a', 'c'], ['a', 'b']])
})

it('what is no picture is left out', () => {
  expect(pictures([new File([''], 'a.jpg', { type: 'image/jpeg' }), new File([''], 'b.pdf', { type: 'application/pdf' }), new File([''], 'c')]).map((file) => file.name)).toEqual(['a.jpg', 'c'])
})

it('a change says only what was chosen, and clears with null', () => {
  expect(changeOf({ caption: 'New', visibility: 'client', room: '', phase: '', shot: 's' })).toEqual({ caption: 'New', visibility: 'client', room: '', phase_id: null, shot_id: 's' })
  expect(changeOfMany({ visibility: 'keep', phase: 'keep', room: ' ' })).toEqual({})
  expect(changeOfMany({ visibility: 'internal', phase: '', room: 'Bath' })).toEqual({ visibility: 'internal', phase_id: null, room: 'Bath' })
})
