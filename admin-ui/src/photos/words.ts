// Photos in words, and how they are sorted into days, rooms and runs of uploading.
import type { Photo, Shot } from '@/api/types'
import { dateOf } from '@/kit/days'
import { count, firstName } from '@/kit/names'
import type { Transfer } from '@/kit/transfers'

/** What stands below a photo: its caption, else what is known of it. */
export function titleOf(photo: Pick<Photo, 'caption' | 'room' | 'file_name'>): string {
  return photo.caption || photo.room || photo.file_name
}

/** The day a photo is about: the camera's, else the day it came. */
export function dayOf(photo: Pick<Photo, 'taken_at' | 'created_at'>): string {
  return photo.taken_at ? photo.taken_at.slice(0, 10) : dateOf(photo.created_at)
}

export interface DayGroup {
  day: string
  photos: Photo[]
}

/** Days, the newest first; within a day as the list has them. */
export function byDay(photos: readonly Photo[]): DayGroup[] {
  const days = new Map<string, Photo[]>()
  for (const photo of photos) {
    const day = dayOf(photo)
    const known = days.get(day)
    if (known) known.push(photo)
    else days.set(day, [photo])
  }
  return [...days].map(([day, list]) => ({ day, photos: list })).sort((a, b) => b.day.localeCompare(a.day))
}

/** Every room that is named, once, in the order of the alphabet. */
export function roomsOf(photos: readonly Pick<Photo, 'room'>[]): string[] {
  return [...new Set(photos.map((photo) => photo.room).filter(Boolean))].sort((a, b) => a.localeCompare(b))
}

export interface Filter {
  visibility?: 'client' | 'internal'
  phase?: string
  room?: string
}

type Query = Record<string, unknown>
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

/** The filter that an address names. */
export function filterOf(query: Query): Filter {
  const see = query.see === 'client' || query.see === 'internal' ? query.see : undefined
  return { visibility: see, phase: text(query.phase), room: text(query.room) }
}

export const filtered = (filter: Filter): boolean => !!(filter.visibility || filter.phase || filter.room)

/** Whether a photo that has just come belongs into the list. */
export function passes(filter: Filter, photo: Pick<Photo, 'visibility' | 'phase_id' | 'room'>): boolean {
  return (!filter.visibility || photo.visibility === filter.visibility) && (!filter.phase || photo.phase_id === filter.phase) && (!filter.room || photo.room === filter.room)
}

export interface Run {
  key: string
  who: string
  since: string
  all: number
  there: number
  failed: number
  /** Something of it came, or it began, a short while ago. */
  active: boolean
}

const SHORT_WHILE = 10 * 60_000

/** Photos that somebody else is adding: those that were announced at one moment by one person, while some are still to come. */
export function runsOf(photos: readonly Photo[], own: ReadonlySet<string>, now = Date.now()): Run[] {
  const runs = new Map<string, Photo[]>()
  for (const photo of photos) {
    if (own.has(photo.id)) continue
    const key = `${photo.uploaded_by} ${photo.created_at}`
    runs.set(key, [...(runs.get(key) ?? []), photo])
  }
  return [...runs]
    .filter(([, list]) => list.some((photo) => photo.state === 'uploading'))
    .map(([key, list]) => {
      const last = Math.max(...list.map((photo) => Date.parse(photo.ready_at ?? photo.created_at)))
      const first = list[0] as Photo
      const of = (state: Photo['state']) => list.filter((photo) => photo.state === state).length
      return { key, who: first.uploaded_by, since: first.created_at, all: list.length, there: of('ready'), failed: of('failed'), active: now - last < SHORT_WHILE }
    })
}

/** "Joss is adding 20 photos: 7 are there." One's own come from another tab or device. */
export function runWords(run: Run, me: string, since: string): string {
  const mine = run.who === me
  const there = `${run.there} ${run.there === 1 ? 'is' : 'are'} there${run.failed ? `, ${run.failed} could not be added` : ''}`
  const who = mine ? 'You' : firstName(run.who)
  if (run.active) return `${who} ${mine ? 'are' : 'is'} adding ${count(run.all, 'photo')}${mine ? ' elsewhere' : ''}: ${there}.`
  return `${who} began to add ${count(run.all, 'photo')} (${since}): ${there}, the rest has not come.`
}

/** "17 arrived, 3 could not be added", or how far it is. */
export function summaryOf(entries: readonly Pick<Transfer, 'state'>[]): string {
  const of = (...states: Transfer['state'][]) => entries.filter((entry) => states.includes(entry.state)).length
  const [ready, failed, cancelled, open] = [of('ready'), of('failed'), of('cancelled'), of('waiting', 'sending')]
  const rest = [failed ? `${failed} could not be added` : '', cancelled ? `${cancelled} cancelled` : ''].filter(Boolean)
  if (open > 0) return [`${ready} of ${entries.length} are there`, ...rest].join(', ')
  if (ready === entries.length) return ready === 1 ? 'The photo arrived' : `All ${ready} arrived`
  return [`${ready} arrived`, ...rest].join(', ')
}

/** Missing ones first, otherwise in the order of the list. */
export function missingFirst(shots: readonly Shot[]): Shot[] {
  return [...shots.filter((shot) => !shot.photo_id), ...shots.filter((shot) => shot.photo_id)]
}

/** "5 of 8" */
export function shotCount(shots: readonly Shot[]): string {
  return `${shots.filter((shot) => shot.photo_id).length} of ${shots.length}`
}

/** "3 required photos are missing" */
export function missingWords(shots: readonly Shot[]): string {
  const missing = shots.filter((shot) => !shot.photo_id).length
  if (missing === 0) return ''
  return `${count(missing, 'required photo')} ${missing === 1 ? 'is' : 'are'} missing`
}

/** Files that could be photos; phones send some without a type. */
export function pictures(files: Iterable<File>): File[] {
  return [...files].filter((file) => file.type === '' || file.type.startsWith('image/'))
}

/** One element moved by a step; the list stays as it was where there is no room. */
export function moved<T>(list: readonly T[], at: number, by: number): T[] {
  const next = [...list]
  const to = at + by
  if (to < 0 || to >= list.length) return next
  next.splice(to, 0, ...next.splice(at, 1))
  return next
}

/** The earlier of two photos first. */
export function beforeAfter(one: Photo, other: Photo): [Photo, Photo] {
  const time = (photo: Photo) => photo.taken_at ?? photo.created_at
  return time(one) <= time(other) ? [one, other] : [other, one]
}
