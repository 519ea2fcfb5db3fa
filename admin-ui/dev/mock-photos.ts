// Development only: photos, pairs, required photos, updates and history of the demo company, drawn as small SVG scenes.
import * as data from './mock-data.ts'

type Json = Record<string, unknown>
interface Call { method: string; path: string; query: URLSearchParams; body: Json }
/** A picture instead of JSON. */
export class Picture { constructor(readonly svg: string) {} }
export class Refused { constructor(readonly status: number, readonly code: string, readonly detail: string) {} }

const id = (n: number) => `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`
const DAY = 1440
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const naive = (minutes: number) => ago(minutes + 300).slice(0, 19)

export const phases = ['Tear-off', 'Deck and underlay', 'Shingles', 'Gutters', 'Walk-through'].map((name, n) => ({ id: id(2100 + n), position: n, name, weight: 100, state: n < 2 ? 'done' : n === 2 ? 'current' : 'next', percent: n < 2 ? 100 : n === 2 ? 40 : 0 }))

const said: [string, string, number, 'client' | 'internal', number][] = [
  ['Shingles, street side', 'South slope', 2, 'client', 60], ['Half done by noon', 'South slope', 2, 'client', 95], ['Valley, seen from the ladder', 'North slope', 2, 'client', 130], ['', 'North slope', 2, 'internal', 140],
  ['Chimney flashing before it is covered', 'Chimney', 1, 'client', DAY + 40], ['Soft board, replaced', 'North slope', 1, 'internal', DAY + 70], ['Underlay is down', 'South slope', 1, 'client', DAY + 200], ['Eave with drip edge', 'Eaves', 1, 'client', DAY + 230],
  ['Old deck after tear-off', 'South slope', 0, 'client', 3 * DAY], ['Two layers came off', 'North slope', 0, 'client', 3 * DAY + 30], ['Front of the house, before', 'Front', 0, 'client', 5 * DAY], ['', 'Garden', 0, 'internal', 5 * DAY + 10],
]
export const photos = said.map(([caption, room, phase, visibility, minutes], n) => ({
  id: id(2200 + n), project_id: id(300), visibility, state: 'ready', error: null, error_words: null, phase_id: phases[phase]?.id, update_id: n < 3 ? id(2600) : n === 6 ? id(2601) : null, shot_id: n === 4 ? id(2402) : n === 10 ? id(2400) : null,
  room, caption, taken_at: n % 4 === 3 ? null : naive(minutes), latitude: null, longitude: null, file_name: `IMG_${2041 + n}.JPG`, bytes: 3_100_000 + n * 91_000, width: n % 5 === 1 ? 3024 : 4032, height: n % 5 === 1 ? 4032 : 3024, sizes: [320, 800, 1600], marked: n === 5,
  uploaded_by: n % 3 ? 'Lena Kerr' : 'Tomas Silva', created_at: ago(minutes - 20 > 0 ? minutes - 20 : minutes), ready_at: ago(minutes - 20 > 0 ? minutes - 21 : minutes),
}) as Json & { id: string })
const joss = ago(2)
for (let n = 0; n < 12; n += 1) {
  photos.unshift({ ...photos[0], id: id(2250 + n), state: n < 7 ? 'ready' : 'uploading', caption: '', room: 'Gutters', visibility: 'client', update_id: null, shot_id: null, marked: false, phase_id: phases[3]?.id, taken_at: null, uploaded_by: 'Joss Abara', created_at: joss, ready_at: n < 7 ? ago(1) : null, file_name: `IMG_${2101 + n}.JPG` } as Json & { id: string })
}
photos.push({ ...photos[photos.length - 1], id: id(2290), state: 'failed', error: 'photo_heic', error_words: 'Your phone sent HEIC, which web browsers do not show. Send the photo as JPEG: on an iPhone under Settings, Camera, Formats, choose Most Compatible.', file_name: 'IMG_2090.HEIC', caption: '', sizes: [] } as Json & { id: string })
const marks = new Map<string, Json[]>([[id(2205), [
  { kind: 'arrow', x1: 0.72, y1: 0.82, x2: 0.52, y2: 0.58, text: 'Soft here', color: 'red' }, { kind: 'circle', x1: 0.36, y1: 0.42, x2: 0.52, y2: 0.62, text: '', color: 'yellow' }, { kind: 'text', x1: 0.06, y1: 0.12, x2: 0.06, y2: 0.12, text: 'Replaced on Monday', color: 'white' },
]]])
export const pairs: (Json & { id: string })[] = [
  { id: id(2300), project_id: id(300), title: 'The house from the street', before_id: id(2210), after_id: id(2200), created_at: ago(50) }, { id: id(2301), project_id: id(300), title: 'South slope, old deck and new shingles', before_id: id(2208), after_id: id(2201), created_at: ago(80) },
]
let shots: (Json & { id: string })[] = [['Front, before', 0], ['Two layers, before they come off', 0], ['Chimney flashing, before it is covered', 1], ['Ice shield along the eaves', 1], ['Ridge vent', 2], ['Front, after', 4]].map(([name, phase], n) => ({ id: id(2400 + n), name, phase_id: phases[Number(phase)]?.id }))
export const settings = { keep_location: false }
export const updates: (Json & { id: string })[] = [
  ['The south slope is shingled up to the ridge. Tomorrow we go on with the north side; you may hear us from seven.\n\nThe skip stays until Friday.', 'client', 30, 'Dana Whitlock', true], ['Underlay is down on both slopes. The roof is rainproof tonight.', 'client', DAY + 30, 'Tomas Silva', false],
  ['Two boards under the chimney are soft. Replaced for 140 dollars of our own; say nothing about an extra.', 'internal', DAY + 60, 'Lena Kerr', false], ['Tear-off is done. Two layers came off, the deck below is sound.', 'client', 3 * DAY, 'Tomas Silva', false],
].map(([body, visibility, minutes, author_name, mine], n) => ({ id: id(2600 + n), project_id: id(300), visibility, body, author_name, mine, day: ago(Number(minutes)).slice(0, 10), created_at: ago(Number(minutes)), updated_at: ago(Number(minutes) - (n === 1 ? 20 : 0)) }) as Json & { id: string })

const did: [string, string, string, string, string][] = [
  ['photo.uploaded', 'added the photo IMG_2101.JPG', 'staff', 'Joss Abara', 'photo'], ['photo.uploaded', 'added the photo IMG_2102.JPG', 'staff', 'Joss Abara', 'photo'], ['photo.announced', 'began to add 12 photos (client)', 'staff', 'Joss Abara', 'project'],
  ['update.posted', 'posted an update (client)', 'staff', 'Dana Whitlock', 'update'], ['document.read', 'read Building permit 26-0417, version 1', 'customer', 'Margaret Ellery', 'document'], ['milestone.completed', 'completed the milestone Deck and underlay', 'staff', 'Tomas Silva', 'milestone'],
  ['weather_delay.proposed', 'proposed to move Gutters by 2 days: rain', 'system', 'Weather', 'weather_delay'], ['photo.marked_up', 'marked up the photo IMG_2046.JPG', 'staff', 'Lena Kerr', 'photo'], ['update.posted', 'posted an update (internal)', 'staff', 'Lena Kerr', 'update'],
]
const activity = Array.from({ length: 140 }, (_, n) => {
  const [kind, words, actor_kind, actor_name, subject_kind] = did[n % did.length] ?? did[0]!
  return { seq: 900 - n, at: ago(n * 47 + 3), actor_kind, actor_name, kind, words, subject_kind, subject_id: subject_kind === 'photo' ? id(2200 + n % 10) : id(2600) }
})

/** A house whose roof grows: enough to see what a grid, a slider and a lightbox do. */
function scene(n: number, width: number): string {
  const stage = n % 6, hue = [205, 212, 30, 198, 220, 42][n % 6] ?? 205
  const roof = ['#7a5c48', '#a98f6d', '#39424c', '#52606d', '#39424c', '#6b4a3a'][stage] ?? '#555', wall = ['#e8dfd0', '#d8e0e4', '#efe6d6'][n % 3] ?? '#eee'
  const left = 90 + (n * 37) % 120, top = 110 + (n * 23) % 50
  const rows = Array.from({ length: 9 }, (_, row) => `<path d="M${left - 40 + row * 9} ${top + 190 - row * 20}h${440 - row * 18}" stroke="#0003" stroke-width="3"/>`).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${Math.round(width * 0.75)}" viewBox="0 0 640 480"><defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop stop-color="hsl(${hue} 60% 74%)"/><stop offset="1" stop-color="hsl(${hue} 50% 92%)"/></linearGradient></defs><rect width="640" height="480" fill="url(#s)"/><circle cx="${560 - (n * 61) % 300}" cy="80" r="34" fill="#fff8"/><path d="M0 380q160-60 320-20t320-30v150H0z" fill="hsl(95 28% ${38 + (n % 4) * 5}%)"/><rect x="${left}" y="${top + 190}" width="360" height="150" fill="${wall}"/><path d="M${left - 44} ${top + 200}L${left + 60} ${top}h260l100 200z" fill="${roof}"/>${rows}<rect x="${left + 250}" y="${top - 30}" width="40" height="80" fill="#8d4f3c"/><rect x="${left + 60}" y="${top + 225}" width="70" height="62" fill="#9cc3d8" stroke="#fff" stroke-width="6"/><rect x="${left + 220}" y="${top + 225}" width="60" height="115" fill="#6b4a3a"/></svg>`
}

const page = (items: Json[], query: URLSearchParams) => {
  const from = Number(query.get('cursor') ?? 0), limit = Number(query.get('limit') ?? 50)
  return { items: items.slice(from, from + limit), next: from + limit < items.length ? String(from + limit) : null }
}
function one<T extends { id: string }>(items: T[], which: string | undefined): T {
  const found = items.find((item) => item.id === which)
  if (!found) throw new Refused(404, 'not_found', 'This is not here, or it is no longer here.')
  return found
}
const shotList = () => ({ items: shots.map((shot) => ({ ...shot, photo_id: photos.find((photo) => photo.shot_id === shot.id && photo.state === 'ready')?.id ?? null })) })

function announce(project: string, body: Json): Json {
  const made = (body.photos as Json[]).map((file) => {
    const bad = Number(file.bytes) > 30 * 1024 * 1024
    return {
      id: data.nextId(), project_id: project, visibility: body.visibility, state: bad ? 'failed' : 'uploading', error: bad ? 'photo_too_large' : null, error_words: bad ? 'The file is larger than 30 MB, the most that a photo may have. Send a smaller copy.' : null,
      phase_id: body.phase_id ?? null, update_id: body.update_id ?? null, shot_id: body.shot_id ?? null, room: body.room ?? '', caption: '', taken_at: null, file_name: file.file_name, bytes: file.bytes, width: null, height: null, sizes: [], marked: false, uploaded_by: 'Dana Whitlock', created_at: new Date().toISOString(), ready_at: null,
    } as Json & { id: string }
  })
  photos.unshift(...made)
  return { items: made }
}

/** Names that contain "svg", "damaged" or "flaky" are refused as the server would; "flaky" only once. */
const flaky = new Set<string>()
function arrive(photo: Json & { id: string }): Json {
  const name = String(photo.file_name)
  const fail = (code: string, words: string): never => {
    Object.assign(photo, { state: 'failed', error: code, error_words: words })
    throw new Refused(422, code, words)
  }
  if (name.includes('svg')) fail('photo_not_a_picture', 'This file is not a photo. Photos are JPEG, PNG, WebP or GIF files.')
  if (name.includes('damaged')) fail('photo_damaged', 'The file is damaged or was cut off. Open it on your side; if it looks right there, save it anew and send that.')
  if (name.includes('flaky') && !flaky.has(photo.id)) {
    flaky.add(photo.id)
    throw new Refused(500, 'internal', 'Something went wrong on our side. Nothing was lost. Please try again.')
  }
  return Object.assign(photo, { state: 'ready', ready_at: new Date().toISOString(), width: 4032, height: 3024, sizes: [320, 800] })
}

function ofProject({ method, query, body }: Call, project: string, sub: string): unknown {
  if (sub === 'photos' && method === 'POST') return announce(project, body)
  if (sub === 'photos') {
    const wanted: [string, string][] = [['visibility', 'visibility'], ['phase', 'phase_id'], ['room', 'room'], ['update', 'update_id']]
    return page(photos.filter((photo) => photo.project_id === project && wanted.every(([name, key]) => !query.get(name) || photo[key] === query.get(name))), query)
  }
  if (sub === 'photo-pairs' && method === 'POST') {
    pairs.unshift({ ...body, id: data.nextId(), project_id: project, created_at: new Date().toISOString() })
    return pairs[0]
  }
  if (sub === 'photo-pairs') return { items: pairs.filter((pair) => pair.project_id === project) }
  if (sub === 'shots') {
    if (method === 'PUT') shots = (body.shots as Json[]).map((shot) => ({ ...shot, id: String(shot.id ?? data.nextId()) }))
    return project === id(300) ? shotList() : { items: [] }
  }
  if (sub === 'updates' && method === 'POST') {
    updates.unshift({ ...body, id: data.nextId(), project_id: project, author_name: 'Dana Whitlock', mine: true, created_at: new Date().toISOString(), updated_at: new Date().toISOString() })
    return updates[0]
  }
  if (sub === 'activity') return page(project === id(300) ? activity : [], query)
  if (sub === 'updates') return page(updates.filter((update) => update.project_id === project), query)
  return undefined
}

/** Answers what belongs to photos and updates; undefined is somebody else's. */
export function photoWork(call: Call, parts: string[]): { answer: unknown } | undefined {
  const [root, which, sub, size] = parts
  const { method, body } = call
  if (root === 'projects' && which && ['photos', 'photo-pairs', 'shots', 'updates', 'activity'].includes(sub ?? '')) return { answer: ofProject(call, which, sub ?? '') }
  if (root === 'photo-settings') return { answer: method === 'PUT' ? Object.assign(settings, body) : settings }
  if (root === 'photo-pairs') return { answer: void pairs.splice(pairs.indexOf(one(pairs, which)), 1) }
  if (root === 'updates') {
    const update = one(updates, which)
    if (method === 'DELETE') return { answer: void updates.splice(updates.indexOf(update), 1) }
    return { answer: Object.assign(update, body, { updated_at: new Date().toISOString() }) }
  }
  if (root !== 'photos') return undefined
  const photo = one(photos, which)
  if (sub === 'renditions') return { answer: new Picture(scene(Number(photo.id.slice(-4)), Number(size))) }
  if (sub === 'markup') {
    if (method === 'PUT') marks.set(photo.id, body.shapes as Json[])
    photo.marked = (marks.get(photo.id) ?? []).length > 0
    return { answer: { shapes: marks.get(photo.id) ?? [] } }
  }
  if (sub === 'content') return { answer: arrive(photo) }
  if (method === 'DELETE') {
    for (const pair of pairs.filter((one) => one.before_id === photo.id || one.after_id === photo.id)) pairs.splice(pairs.indexOf(pair), 1)
    return { answer: void photos.splice(photos.indexOf(photo), 1) }
  }
  return { answer: method === 'PATCH' ? Object.assign(photo, body) : photo }
}
