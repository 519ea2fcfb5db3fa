// Development only: plans, weather, templates and working days of the company that exists nowhere, with a small ripple of their own.
import { projects, nextId } from './mock-data.ts'
import { phases } from './mock-photos.ts'

export type Json = Record<string, unknown>
export interface Asked {
  method: string
  path: string
  query: URLSearchParams
  body: Json
}

const MS = 86_400_000
const TODAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Chicago' }).format(new Date())
const num = (day: string) => Math.round(Date.parse(`${day}T00:00:00Z`) / MS)
const str = (n: number) => new Date(n * MS).toISOString().slice(0, 10)
const said = (day: string) => new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', weekday: 'long', month: 'long', day: 'numeric' }).format(new Date(`${day}T00:00:00Z`))
const holiday = (n: number) => str(num(TODAY) + n)

export const calendar = {
  days: [true, true, true, true, true, false, false],
  exceptions: [{ day: holiday(16), works: false, name: 'Company day' }, { day: holiday(37), works: false, name: 'Independence Day' }, { day: holiday(60), works: true, name: 'Saturday shift, Marsh Lane' }],
}
const weekday = (day: string) => (((num(day) + 3) % 7) + 7) % 7
const worked = (day: string) => calendar.exceptions.find((entry) => entry.day === day)?.works ?? calendar.days[weekday(day)] ?? true
function shift(day: string, by: number): string {
  let at = num(day)
  while (!worked(str(at))) at += by < 0 ? -1 : 1
  for (let left = Math.abs(by); left > 0;) {
    at += by < 0 ? -1 : 1
    if (worked(str(at))) left -= 1
  }
  return str(at)
}
const length = (from: string, to: string) => {
  let n = 0
  for (let at = num(from); at <= num(to); at += 1) if (worked(str(at))) n += 1
  return Math.max(1, n)
}

interface Milestone {
  id: string; phase_id: string; position: number; name: string; note: string; weight: number; work_type?: string | null
  planned_start: string; planned_end: string; first_start: string; first_end: string; actual_start?: string; actual_end?: string
  state: string; waits_for: { milestone_id: string; lag_days: number }[]; last_move?: Json
}
interface Phase { id: string; position: number; name: string; weight: number; state: string; percent: number }
interface Plan { project_id: string; phases: Phase[]; milestones: Milestone[]; draws: { id: string; name: string; basis_points: number; milestone_id?: string }[] }

const recipe: [string, number, [string, number, string | null, string?][]][] = [
  ['Inspection', 1, [['Inspection and quote', 1, null], ['Permit', 2, null]]],
  ['Tear-off', 2, [['Tear-off', 2, 'roofing', 'It is loud. The drive is blocked by the container.']]],
  ['Deck', 2, [['Deck and underlay', 2, 'roofing'], ['Deck inspection by the city', 1, null]]],
  ['Shingles', 4, [['Shingles', 4, 'roofing'], ['Flash the chimney', 1, 'masonry']]],
  ['Gutters', 1, [['Gutters', 2, 'gutters', 'Please leave the side gate open.']]],
  ['Finish', 1, [['Final walk-through', 1, null], ['Warranty issued', 1, null]]],
]

function makePlan(project: string, offset: number): Plan {
  const plan: Plan = { project_id: project, phases: [], milestones: [], draws: [] }
  let at = shift(TODAY, offset)
  let last: string | null = null
  recipe.forEach(([name, weight, list], n) => {
    const phase = { id: offset === -9 && n > 0 ? phases[n - 1]?.id ?? nextId() : nextId(), position: n, name, weight, state: 'next', percent: 0 }
    plan.phases.push(phase)
    list.forEach(([title, days, work_type, note], place) => {
      const end = shift(at, days - 1)
      const id = nextId()
      plan.milestones.push({
        id, phase_id: phase.id, position: place, name: title, note: note ?? '', weight: days, ...(work_type ? { work_type } : {}), planned_start: at, planned_end: end, first_start: at, first_end: end, state: 'next',
        waits_for: last ? [{ milestone_id: last, lag_days: 0 }] : [],
      })
      last = id
      at = shift(end, 1)
    })
  })
  for (const milestone of plan.milestones) {
    if (milestone.planned_end < TODAY) Object.assign(milestone, { actual_start: milestone.planned_start, actual_end: milestone.planned_end })
    else if (milestone.planned_start < TODAY) milestone.actual_start = milestone.planned_start
  }
  plan.draws = [['Deposit', 2500, undefined], ['Roof is dry', 3500, 4], ['Shingles are on', 3000, 5], ['Final', 1000, 8]].map(([name, basis_points, of]) => ({ id: nextId(), name: name as string, basis_points: basis_points as number, ...(of === undefined ? {} : { milestone_id: plan.milestones[of as number]?.id ?? '' }) }))
  return plan
}
const plans = new Map<string, Plan>()
projects.forEach((project, n) => {
  if (n !== 6) plans.set(project.id, makePlan(project.id, [-9, -4, -20, -6, 3, 12, 0, -30, -40, -60][n] ?? 0))
})
function planOf(project: string): Plan {
  const found = plans.get(project) ?? { project_id: project, phases: [], milestones: [], draws: [] }
  plans.set(project, found)
  return found
}

export function view(plan: Plan): Json {
  for (const milestone of plan.milestones) milestone.state = milestone.actual_end ? 'done' : milestone.actual_start ? 'started' : 'next'
  const steps = plan.phases.filter((phase) => plan.milestones.some((entry) => entry.phase_id === phase.id))
  const share = (phase: Phase) => {
    const list = plan.milestones.filter((entry) => entry.phase_id === phase.id)
    const sum = list.reduce((all, entry) => all + entry.weight, 0) || 1
    return list.filter((entry) => entry.actual_end).reduce((all, entry) => all + entry.weight, 0) / sum
  }
  const open = steps.findIndex((phase) => share(phase) < 1)
  plan.phases.forEach((phase) => { phase.percent = Math.round(share(phase) * 100); phase.state = share(phase) === 1 && steps.includes(phase) ? 'done' : steps[open] === phase ? 'current' : 'next' })
  const weight = steps.reduce((all, phase) => all + phase.weight, 0) || 1
  const ends = plan.milestones.map((entry) => entry.planned_end).sort(), firsts = plan.milestones.map((entry) => entry.first_end).sort()
  plan.milestones.sort((a, b) => plan.phases.findIndex((p) => p.id === a.phase_id) - plan.phases.findIndex((p) => p.id === b.phase_id) || a.position - b.position)
  return {
    ...plan, percent: Math.round((steps.reduce((all, phase) => all + phase.weight * share(phase), 0) / weight) * 100), step: steps.length === 0 ? 0 : open < 0 ? steps.length : open + 1, steps: steps.length,
    ...(ends.length ? { finish: ends[ends.length - 1], first_finish: firsts[firsts.length - 1] } : {}), days_off: [],
  }
}

function ripple(plan: Plan, milestone: Milestone, start: string, end?: string) {
  const after = new Map(plan.milestones.map((entry) => [entry.id, [entry.planned_start, entry.planned_end] as [string, string]]))
  after.set(milestone.id, [start, end ?? shift(start, length(milestone.planned_start, milestone.planned_end) - 1)])
  for (let round = 0; round < plan.milestones.length; round += 1) {
    for (const entry of plan.milestones) {
      if (entry.id === milestone.id || entry.actual_start) continue
      const earliest = entry.waits_for.map((wait) => shift(str(num(after.get(wait.milestone_id)?.[1] ?? entry.planned_start) + 1), wait.lag_days)).sort().pop()
      const at = after.get(entry.id)?.[0] ?? entry.planned_start
      if (earliest && earliest > at) after.set(entry.id, [earliest, shift(earliest, length(entry.planned_start, entry.planned_end) - 1)])
    }
  }
  const moves = plan.milestones.filter((entry) => String(after.get(entry.id)) !== String([entry.planned_start, entry.planned_end]))
    .map((entry) => ({ milestone_id: entry.id, name: entry.name, from_start: entry.planned_start, from_end: entry.planned_end, to_start: after.get(entry.id)?.[0] ?? '', to_end: after.get(entry.id)?.[1] ?? '' }))
    .sort((a, b) => Number(b.milestone_id === milestone.id) - Number(a.milestone_id === milestone.id))
  return { moves, finish_from: plan.milestones.map((entry) => entry.planned_end).sort().pop(), finish_to: [...after.values()].map(([, to]) => to).sort().pop(), fingerprint: 'f' }
}
function moveAll(plan: Plan, milestone: Milestone, start: string, end: string | undefined, cause: string, reason: string): void {
  ripple(plan, milestone, start, end).moves.forEach((move, n) => {
    const entry = plan.milestones.find((one) => one.id === move.milestone_id)
    if (entry) Object.assign(entry, { planned_start: move.to_start, planned_end: move.to_end, last_move: { ...move, cause: n === 0 ? cause : 'ripple', reason, moved_at: new Date().toISOString() } })
  })
}

/** What is open about the weather, and the forecast. */
export const delays: Json[] = []
const outdoor = (plan: Plan) => plan.milestones.filter((entry) => entry.work_type && !entry.actual_end)
function delay(project: number, hazard: string, state: string, first: number): void {
  const owner = projects[project]
  const plan = owner ? planOf(owner.id) : null
  const milestone = plan ? (outdoor(plan).find((entry) => !entry.actual_start) ?? outdoor(plan)[0]) : undefined
  if (!owner || !plan || !milestone) return
  const [day, last] = [shift(milestone.planned_start, first), shift(milestone.planned_start, first + 1)]
  delays.push({
    id: nextId(), project: { id: owner.id, number: owner.number, name: owner.name }, milestone: { id: milestone.id, name: milestone.name }, state, hazard, first_day: day, last_day: last, from_start: milestone.planned_start, from_end: milestone.planned_end,
    to_start: shift(milestone.planned_start, 2), to_end: shift(milestone.planned_end, 2), working_days: 2, reason: `${hazard === 'rain' ? 'Rain is' : hazard === 'wind' ? 'Strong wind is' : 'Frost is'} forecast for ${said(day)} and ${said(last)}.`, proposed_at: new Date(Date.now() - 3 * 3600e3).toISOString(),
    decided_by: state === 'proposed' ? '' : 'Dana Whitlock', ...(state === 'proposed' ? {} : { decided_at: new Date(Date.now() - 3600e3).toISOString() }),
  })
}
delay(0, 'rain', 'proposed', 0)
delay(3, 'wind', 'proposed', 0)
delay(4, 'frost', 'proposed', 0)
delay(1, 'rain', 'accepted', 1)
delay(0, 'wind', 'dismissed', 1)
const first = plans.get(projects[0]?.id ?? '')
const late = first?.milestones.find((entry) => !entry.actual_start)
if (first && late) moveAll(first, late, shift(late.planned_start, 1), undefined, 'staff', 'The city comes a day later.')

const rain = [0.2, 0, 3.4, 14, 9.6, 0.4, 0, 0, 1.2, 0]
const forecast = rain.map((rain_mm, n) => ({ day: str(num(TODAY) + n), rain_mm, wind_kmh: [22, 18, 41, 58, 47, 30, 22, 18, 25, 20][n], max_c: [21, 22, 18, 15, 16, 19, 22, 24, 23, 24][n], min_c: [12, 12, 11, 9, 8, 9, 11, 13, 13, 14][n], lost_for: rain_mm > 5 ? ['roofing', 'painting', 'gutters', 'masonry'] : rain_mm > 1 ? ['roofing', 'painting'] : [] }))
export const rules = { accept: 'by_staff', rules: [['roofing', 1, 50, 38, 0], ['gutters', 3, 55, null, -5], ['painting', 0.5, 45, 35, 5], ['masonry', 5, 65, 38, 2], ['concrete', 5, null, 35, 2], ['earthworks', 15, null, null, -5], ['carpentry', 5, 60, null, -10], ['other_outdoor', 10, 65, null, -10]].map(([work_type, r, w, h, f]) => ({ work_type, ...(r === null ? {} : { max_rain_mm: r }), ...(w === null ? {} : { max_wind_kmh: w }), ...(h === null ? {} : { max_heat_c: h }), ...(f === null ? {} : { min_frost_c: f }) })) }

const toPlan = (): Json => {
  let before: string | null = null
  return {
    phases: recipe.map(([name, weight, list]) => ({ name, weight, milestones: list.map(([title, days, work_type, note]) => {
      const key = title.toLowerCase().replace(/[^a-z]+/g, '-')
      const made = { key, name: title, note: note ?? '', weight: days, days, ...(work_type ? { work_type } : {}), waits_for: before ? [{ key: before, lag_days: 0 }] : [] }
      before = key
      return made
    }) })),
    draws: [{ name: 'Deposit', basis_points: 2500 }, { name: 'Roof is dry', basis_points: 3500, milestone_key: 'deck-and-underlay' }, { name: 'Shingles are on', basis_points: 3000, milestone_key: 'shingles' }, { name: 'Final', basis_points: 1000, milestone_key: 'warranty-issued' }],
    shots: [{ name: 'Front before', phase: 0 }, { name: 'Deck after tear-off', phase: 1 }, { name: 'Underlay', phase: 2 }, { name: 'Front after', phase: 5 }],
  }
}
export const templates: Json[] = [['Roof replacement', 'Shingle roofs up to 300 square meters'], ['Gutters only', 'One day, no permit'], ['Flat roof', '']].map(([name, note], n) => ({ id: nextId(), name, note, plan: n === 1 ? { phases: [{ name: 'Gutters', weight: 1, milestones: [{ key: 'g', name: 'Gutters', note: '', weight: 1, days: 1, work_type: 'gutters', waits_for: [] }] }], draws: [{ name: 'All of it', basis_points: 10000, milestone_key: 'g' }], shots: [] } : toPlan(), created_at: new Date(Date.now() - 40 * MS).toISOString(), updated_at: new Date(Date.now() - n * 5 * MS).toISOString() }))

const clock = (day: string, time: string) => new Date(`${day}T${time}:00-06:00`).toISOString()
const visit = (project: number, title: string, inDays: number, from: string, until: string, state: string, who: string, more: Json = {}): Json & { id: string } => {
  const owner = projects[project], day = str(num(TODAY) + inDays)
  return {
    id: nextId(), project: { id: owner?.id, number: owner?.number, name: owner?.name }, visibility: 'client', title, day, from, until, starts_at: clock(day, from), ends_at: clock(day, until), who, prepare: '', state, asked_note: '', answered_by: state === 'proposed' ? '' : 'Margaret Ellery',
    ...(state === 'proposed' ? {} : { answered_at: new Date(Date.now() - 5 * 3600e3).toISOString() }), sequence: 1, over: inDays < 0, created_at: clock(day, from), updated_at: clock(day, from), ...more,
  }
}
const visits = [
  visit(0, 'Shingles, north side', 1, '08:00', '16:00', 'confirmed', 'Dana, Tomas, Lena, Jo', { prepare: 'Please keep the drive free.\nThe dog stays inside.' }),
  visit(0, 'Gutters go up', 3, '08:00', '11:00', 'move_asked', 'Tomas, Jo', { asked_note: 'We are away until noon. Any time after 1 would be fine.' }),
  visit(0, 'Color choice at the house', 6, '13:00', '14:00', 'proposed', 'Dana'),
  visit(0, 'Measure for the calculation', 8, '09:00', '09:30', 'proposed', 'Lena', { visibility: 'internal', answered_by: '' }),
  visit(0, 'First look at the roof', -13, '10:00', '11:00', 'confirmed', 'Dana'), visit(0, 'Container comes', -8, '07:00', '08:00', 'cancelled', ''),
  visit(1, 'Skylights arrive', 0, '07:30', '09:00', 'confirmed', 'Lena', { answered_by: 'Ife Okonkwo' }), visit(3, 'City inspection', 1, '11:00', '14:00', 'proposed', 'Inspector of the city'), visit(4, 'Membrane, first day', 2, '08:00', '17:00', 'confirmed', 'Lena, Sam', { answered_by: 'Noor Castellane' }),
]
function visitWork({ method, path, query, body }: Asked, parts: string[]): unknown {
  const time = (entry: Json) => ({ starts_at: clock(String(entry.day), String(entry.from)), ends_at: clock(String(entry.day), String(entry.until)) })
  if (parts[0] === 'projects') {
    if (method === 'GET') return { items: visits.filter((entry) => (entry.project as Json).id === parts[1]) }
    const owner = projects.find((entry) => entry.id === parts[1])
    const made = { id: nextId(), project: { id: owner?.id, number: owner?.number, name: owner?.name }, state: 'proposed', asked_note: '', answered_by: '', sequence: 0, over: false, created_at: '', updated_at: '', ...body, ...time(body) }
    visits.push(made as unknown as (typeof visits)[number])
    return made
  }
  if (!parts[1]) return { items: visits.filter((entry) => String(entry.day) >= (query.get('from') ?? '') && String(entry.day) <= (query.get('to') ?? '9')) }
  const found = visits.find((entry) => entry.id === parts[1])
  if (!found) throw refuse
  if (path.endsWith('/cancellation')) return Object.assign(found, { state: 'cancelled' })
  Object.assign(found, body, body.day || body.keep_time ? { state: 'proposed', asked_note: '', answered_by: '' } : {})
  return Object.assign(found, time(found))
}

const details = new Map<string, Json>()
const detailsOf = (project: string, n = projects.findIndex((entry) => entry.id === project)): Json =>
  details.get(project) ?? { headline: n === 0 ? 'Your new roof is going on this week.' : '', detail: n === 0 ? 'The crew comes at 8. Please keep the drive free.' : '', lead_name: n === 0 ? 'Dana Whitlock' : '', lead_phone: n === 0 ? '(555) 010-0100' : '', ...(n < 5 ? { latitude: 41.52, longitude: -74.02 } : {}) }
const places = [['Sampleton', 'New York', 41.5034, -74.0104], ['Sampleton Falls', 'Ohio', 40.1, -82.91], ['Mocksbury', 'Vermont', 44.26, -72.57]].map(([name, region, latitude, longitude]) => ({ name, region, country: 'United States', latitude, longitude }))

const refuse = { status: 404, code: 'not_found', detail: 'This is not here, or it is no longer here.' }

function changeMilestone({ method, path, body }: Asked, parts: string[]): unknown {
  const plan = [...plans.values()].find((entry) => entry.milestones.some((one) => one.id === parts[1]))
  const milestone = plan?.milestones.find((entry) => entry.id === parts[1])
  if (!plan || !milestone) throw refuse
  if (path.endsWith('/move-preview')) return ripple(plan, milestone, String(body.start), body.end as string | undefined)
  if (path.endsWith('/moves')) {
    if (body.reason === 'conflict') throw { status: 409, code: 'schedule_changed', detail: 'The plan has changed since you looked at it. Nothing was moved; look again at what would follow.' }
    moveAll(plan, milestone, String(body.start), body.end as string | undefined, 'staff', String(body.reason))
  } else if (parts[2] === 'start') milestone.actual_start = String(body.day ?? TODAY)
  else if (parts[2] === 'completion' && method === 'PUT') Object.assign(milestone, { actual_start: milestone.actual_start ?? milestone.planned_start, actual_end: String(body.day ?? TODAY) })
  else if (parts[2] === 'completion') delete milestone.actual_end
  else if (method === 'DELETE') plan.milestones.splice(plan.milestones.indexOf(milestone), 1)
  else if (typeof body.position === 'number') {
    const list = plan.milestones.filter((entry) => entry.phase_id === milestone.phase_id && entry !== milestone)
    list.splice(body.position, 0, milestone)
    list.forEach((entry, n) => { entry.position = n })
  } else Object.assign(milestone, body)
  return view(plan)
}

function changePhase({ method, path, body }: Asked, parts: string[]): unknown {
  const plan = [...plans.values()].find((entry) => entry.phases.some((one) => one.id === parts[1]))
  const phase = plan?.phases.find((entry) => entry.id === parts[1])
  if (!plan || !phase) throw refuse
  if (path.endsWith('/milestones')) {
    const made = { ...body, id: nextId(), phase_id: phase.id, position: plan.milestones.filter((entry) => entry.phase_id === phase.id).length, first_start: body.planned_start, first_end: body.planned_end, state: 'next' }
    plan.milestones.push(made as unknown as Milestone)
  } else if (method === 'DELETE') plan.phases.splice(plan.phases.indexOf(phase), 1)
  else if (typeof body.position === 'number') {
    plan.phases.splice(plan.phases.indexOf(phase), 1)
    plan.phases.splice(body.position, 0, phase)
    plan.phases.forEach((entry, n) => { entry.position = n })
  } else Object.assign(phase, body)
  return view(plan)
}

function apply(project: string): Json {
  const made = makePlan(project, 1)
  plans.set(project, made)
  return view(made)
}

/** Answers what is about plans; undefined when the path is about something else. */
export function schedule(asked: Asked, parts: string[]): unknown {
  const { method, query, body } = asked
  const [root, id, sub] = parts
  if (root === 'appointments' || sub === 'appointments') return visitWork(asked, parts)
  if (root === 'milestones') return changeMilestone(asked, parts)
  if (root === 'phases') return changePhase(asked, parts)
  if (root === 'work-calendar') return method === 'PUT' ? Object.assign(calendar, body) : calendar
  if (root === 'weather-rules') return method === 'PUT' ? Object.assign(rules, body) : rules
  if (root === 'weather-delays' && !id) return { items: delays.filter((entry) => !query.get('state') || entry.state === query.get('state')) }
  if (root === 'weather-delays') {
    const found = delays.find((entry) => entry.id === id) as Json & { project: { id: string }; milestone: { id: string } }
    const plan = planOf(found.project.id)
    const milestone = plan.milestones.find((entry) => entry.id === found.milestone.id)
    if (milestone && sub === 'acceptance') moveAll(plan, milestone, String(found.to_start), String(found.to_end), 'weather', String(found.reason))
    return Object.assign(found, { state: sub === 'acceptance' ? 'accepted' : sub === 'dismissal' ? 'dismissed' : 'withdrawn', decided_at: new Date().toISOString(), decided_by: 'Dana Whitlock' })
  }
  if (root === 'places') return { items: (query.get('q') ?? '').length < 2 ? [] : places.filter((place) => String(place.name).toLowerCase().startsWith((query.get('q') ?? '').toLowerCase())) }
  if (root === 'project-templates') {
    if (!id) {
      if (method === 'GET') return { items: templates }
      const made = { ...body, id: nextId(), created_at: new Date().toISOString(), updated_at: new Date().toISOString() }
      templates.push(made)
      return made
    }
    const found = templates.find((entry) => entry.id === id)
    if (!found) throw refuse
    if (sub === 'projects') {
      const made = { id: nextId(), number: 130, household: { id: body.household_id, name: 'Ellery household' }, created_at: new Date().toISOString(), updated_at: new Date().toISOString(), ...body }
      ;(projects as unknown as object[]).unshift(made)
      apply(made.id)
      return made
    }
    if (method === 'DELETE') return void templates.splice(templates.indexOf(found), 1)
    return method === 'PUT' ? Object.assign(found, body, { updated_at: new Date().toISOString() }) : found
  }
  if (root !== 'projects' || !id) return undefined
  const plan = planOf(id)
  if (sub === 'schedule') return view(plan)
  if (sub === 'details') {
    if (method === 'PUT') details.set(id, body)
    return detailsOf(id)
  }
  if (sub === 'weather') {
    const place = detailsOf(id).latitude !== undefined
    return { place, ...(place ? { fetched_at: new Date(Date.now() - 1800e3).toISOString() } : {}), days: place ? forecast : [], delays: delays.filter((entry) => (entry.project as Json).id === id) }
  }
  if (sub === 'template') return apply(id)
  if (sub === 'phases') {
    plan.phases.push({ id: nextId(), position: plan.phases.length, state: 'next', percent: 0, name: String(body.name), weight: Number(body.weight) })
    return view(plan)
  }
  if (sub === 'draws') {
    plan.draws = (body.draws as Json[]).map((entry) => ({ id: nextId(), ...entry })) as unknown as Plan['draws']
    return view(plan)
  }
  return undefined
}
