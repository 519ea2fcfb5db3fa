// The history in lines, and updates by day.
import { beforeEach, expect, it } from 'vitest'
import type { Activity, Photo, Update } from '@/api/types'
import { setZone } from '@/kit/time'
import { byDay as updateDays, paragraphs, photosOf, wasChanged } from '@/updates/words'
import { byDay, iconOf, joined, linesOf } from './words'

beforeEach(() => setZone('America/Chicago'))
const entry = (seq: number, part: Partial<Activity> = {}): Activity => ({
  seq, at: `2026-06-09T15:${String(seq % 60).padStart(2, '0')}:00Z`, actor_kind: 'staff', actor_name: 'Lena Kerr', kind: 'photo.uploaded', words: 'added the photo IMG_1.JPG', subject_kind: 'photo', subject_id: `p${seq}`, ...part,
})

it('a row of the same deed is one line', () => {
  const lines = linesOf([entry(9), entry(8), entry(7), entry(6, { actor_name: 'Joss' }), entry(5, { kind: 'update.posted', words: 'posted an update (client)', subject_kind: 'update' }), entry(4)])
  expect(lines.map((line) => [line.who, line.words, line.visibility, line.to])).toEqual([
    ['Lena Kerr', 'added 3 photos', null, 'photos'], ['Joss', 'added the photo IMG_1.JPG', null, 'photos?photo=p6'], ['Lena Kerr', 'posted an update', 'client', 'updates'], ['Lena Kerr', 'added the photo IMG_1.JPG', null, 'photos?photo=p4'],
  ])
})
it('what is gone leads nowhere', () => {
  expect([entry(1, { kind: 'photo.withdrawn' }), entry(2, { kind: 'milestone.completed', subject_kind: 'milestone' })].map((one) => linesOf([one])[0]?.to)).toEqual([null, null])
  expect([iconOf('weather_delay.accepted'), iconOf('strange.thing')]).toEqual(['i-lucide-cloud-rain', 'i-lucide-circle-dot'])
})
it('days are the company’s', () => {
  const late = entry(3, { at: '2026-06-10T03:00:00Z' })
  expect(byDay([late, entry(2)]).map((day) => [day.day, day.lines.length])).toEqual([['2026-06-09', 2]])
})
it('what is new comes on top of what is known', () => {
  const seqs = (list: Activity[]) => list.map((one) => one.seq)
  expect(seqs(joined([entry(9), entry(8), entry(7)], [entry(8), entry(7), entry(2)]))).toEqual([9, 8, 7, 2])
  expect(seqs(joined([entry(99), entry(98)], [entry(8)]))).toEqual([99, 98])
  expect(seqs(joined([entry(9)], []))).toEqual([9])
})

const update = (id: string, day: string) => ({ id, day, created_at: '2026-06-09T15:00:00Z', updated_at: '2026-06-09T15:00:30Z' }) as Update

it('updates stand under the day they are about', () => {
  expect(updateDays([update('c', '2026-06-08'), update('b', '2026-06-09'), update('a', '2026-06-08')]).map((day) => [day.day, day.updates.map((one) => one.id)])).toEqual([['2026-06-09', ['b']], ['2026-06-08', ['c', 'a']]])
  expect([wasChanged(update('a', '')), wasChanged({ ...update('a', ''), updated_at: '2026-06-09T16:00:00Z' })]).toEqual([false, true])
  expect(paragraphs(' One.\nStill one.\n \n\nTwo. ')).toEqual(['One.\nStill one.', 'Two.'])
})
it('an update shows its photos that are there', () => {
  const photos = [{ id: 'b', update_id: 'u', state: 'ready' }, { id: 'x', update_id: 'u', state: 'uploading' }, { id: 'a', update_id: 'u', state: 'ready' }, { id: 'y', state: 'ready' }] as Photo[]
  expect(photosOf(photos, 'u').map((photo) => photo.id)).toEqual(['a', 'b'])
})
