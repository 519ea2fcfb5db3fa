// Changing what is said of photos.
import { api, take } from '@/api/client'
import type { Photo, PhotoChange, Visibility } from '@/api/types'
import { audienceChoices, type Audience } from '@/projects/audience'
import type { Choice, Field, Values } from '@/kit/useForm'
import type { Phase, Shot } from '@/api/types'

/** The interface clears with null; the generated type leaves that out. */
const CLEAR = null as unknown as undefined

const choices = (none: string, items: { id: string; name: string }[]): Choice[] => [{ value: '', label: none }, ...items.map(({ id, name }) => ({ value: id, label: name }))]

export function photoFields(audience: Audience, phases: Phase[], shots: Shot[]): Field[] {
  return [
    { name: 'caption', label: 'Caption', kind: 'area', maxlength: 300, optional: true },
    { name: 'visibility', label: 'Who sees it', kind: 'cards', options: audienceChoices(audience, 'In their portal.') },
    { name: 'room', label: 'Room or place', maxlength: 80, optional: true },
    ...(phases.length > 0 ? [{ name: 'phase', label: 'Phase', kind: 'choice' as const, options: choices('None', phases) }] : []),
    ...(shots.length > 0 ? [{ name: 'shot', label: 'Required photo', kind: 'choice' as const, options: choices('None of them', shots) }] : []),
  ]
}

export const photoValues = (photo: Photo): Values => ({ caption: photo.caption, visibility: photo.visibility, room: photo.room, phase: photo.phase_id ?? '', shot: photo.shot_id ?? '' })

/** What is sent for one photo's form. */
export function changeOf(values: Values): PhotoChange {
  return {
    caption: values.caption, visibility: values.visibility as Visibility, room: values.room,
    ...(values.phase === undefined ? {} : { phase_id: values.phase || CLEAR }), ...(values.shot === undefined ? {} : { shot_id: values.shot || CLEAR }),
  }
}

export const KEEP = 'keep'

export function manyFields(audience: Audience, phases: Phase[]): Field[] {
  const stays = { value: KEEP, label: 'Leave it as it is' }
  return [
    { name: 'visibility', label: 'Who sees them', kind: 'choice', options: [stays, ...audienceChoices(audience, '')] },
    ...(phases.length > 0 ? [{ name: 'phase', label: 'Phase', kind: 'choice' as const, options: [stays, ...choices('None', phases)] }] : []),
    { name: 'room', label: 'Room or place', hint: 'Empty leaves it as it is.', maxlength: 80, optional: true },
  ]
}

/** What is sent for each of several: only what was chosen. */
export function changeOfMany(values: Values): PhotoChange {
  return {
    ...(values.visibility && values.visibility !== KEEP ? { visibility: values.visibility as Visibility } : {}),
    ...(values.phase === undefined || values.phase === KEEP ? {} : { phase_id: values.phase || CLEAR }),
    ...(values.room?.trim() ? { room: values.room.trim() } : {}),
  }
}

export const changePhoto = (id: string, body: PhotoChange): Promise<Photo> => take(api.PATCH('/photos/{photo}', { params: { path: { photo: id } }, body }))
export const withdrawPhoto = (id: string) => take(api.DELETE('/photos/{photo}', { params: { path: { photo: id } } }))
