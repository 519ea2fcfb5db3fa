// Development only: a company that exists nowhere, so that the pages have something to show.
import { palette } from './palette.ts'

const id = (n: number) => `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const DAY = 1440

const houses = [
  ['Ellery household', '14 Quillfeather Lane, Sampleton'], ['Okonkwo household', '3 Saltmarsh Rise, Sampleton'], ['Brandvold household', '77 Cooper’s Yard, Mocksbury'],
  ['Tidewell Homes', 'Marsh Lane 1 to 5, Sampleton'], ['Castellane household', '9 Larder Row, Mocksbury'], ['Hollis household', '21 Weathervane Court, Sampleton'],
] as const
const people = [
  ['Margaret Ellery', 'margaret@ellery.example', 'active', 0, 'signer'], ['Thomas Ellery', 'thomas@ellery.example', 'invited', 0, 'viewer'],
  ['Ife Okonkwo', 'ife@okonkwo.example', 'active', 1, 'signer'], ['Per Brandvold', 'per@brandvold.example', 'invited', 2, 'payer'],
  ['Tola Adeyemi', 'tola@tidewell.example', 'active', 3, 'signer'], ['Noor Castellane', 'noor@castellane.example', 'new', 4, 'signer'], ['June Hollis', 'june@hollis.example', 'active', 5, 'signer'],
] as const

export const customers = people.map(([name, email, state, house, role], n) => ({
  id: id(200 + n), name, email, phone: n % 2 ? null : `(555) 010-01${10 + n}`, state, invited_at: state === 'new' ? null : ago(9 * DAY), last_seen_at: state === 'active' ? ago(90 + n * 700) : null,
  mail: n === 3 ? { state: 'failed', detail: 'The mail server says that this mailbox does not exist' } : { state: state === 'new' ? 'none' : 'sent', detail: null },
  households: [{ id: id(100 + house), name: houses[house][0], role }], created_at: ago(20 * DAY),
}))
export const households = houses.map(([name, address], n) => ({
  id: id(100 + n), name, address, created_at: ago((30 - n) * DAY),
  members: customers.filter((customer) => customer.households[0]?.id === id(100 + n)).map((customer) => ({ customer_id: customer.id, name: customer.name, email: customer.email, role: customer.households[0]?.role ?? 'viewer' })),
}))
const works = [
  [118, 'Ellery roof', 0, 'active', 7], [121, 'Okonkwo skylights', 1, 'active', 4], [109, 'Brandvold garage', 2, 'active', 3], [114, 'Marsh Lane row, 3 houses', 3, 'on_hold', 12],
  [123, 'Castellane flat roof', 4, 'on_hold', 2], [124, 'Hollis re-roof', 5, 'planned', 1], [125, 'Hollis barn metal roof', 5, 'planned', 0], [112, 'Ellery ridge repair', 0, 'completed', 5], [98, 'Okonkwo porch', 1, 'completed', 6], [71, 'Brandvold chimney', 2, 'archived', 9],
] as const
export const projects = works.map(([number, name, house, status], n) => ({
  id: id(300 + n), number, name, address: houses[house][1], status, household: { id: id(100 + house), name: houses[house][0] }, created_at: ago((40 - n) * DAY), updated_at: ago(60 + n * 900),
}))
const papers = [
  [0, 'Roof contract, signed', 'contract', 'client', 842_113, 2], [0, 'Building permit 26-0417', 'permit', 'client', 231_554, 1], [0, 'Deck inspection, May 30', 'inspection_report', 'client', 1_204_889, 1],
  [0, 'Supplier quote, shingles', 'other', 'internal', 96_220, 3], [0, 'Crew calculation', 'other', 'internal', 44_210, 1], [0, 'Shingle warranty, draft', 'warranty', 'internal', 310_002, 1],
  [1, 'Skylight contract', 'contract', 'client', 512_777, 1], [1, 'Permit application', 'permit', 'internal', 88_120, 1], [2, 'Garage contract', 'contract', 'client', 400_118, 1], [3, 'Row permit', 'permit', 'client', 2_911_004, 4],
] as const
export const documents = papers.map(([project, title, kind, visibility, bytes, last], n) => ({
  id: id(400 + n), project: { id: id(300 + project), number: works[project][0], name: works[project][1] }, title, kind, visibility,
  versions: Array.from({ length: last }, (_, at) => ({
    number: at + 1, state: 'ready', file_name: `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-v${at + 1}.pdf`, media_type: 'application/pdf', bytes: bytes - (last - at - 1) * 4_000, sha256: 'ab'.repeat(32), uploaded_at: ago((n + last - at) * 700), uploaded_by: n % 2 ? 'Tomas Silva' : 'Dana Whitlock',
  })) as { number: number; state: string; file_name: string; media_type: string; bytes: number; sha256: string | null; uploaded_at: string | null; uploaded_by: string }[],
  created_at: ago((n + last) * 700), updated_at: ago(n * 700 + 30),
}))
export const team = [
  ['Dana Whitlock', 'dana@larkrise.example', 'owner', 'active'], ['Tomas Silva', 'tomas@larkrise.example', 'manager', 'active'], ['Lena Kerr', 'lena@larkrise.example', 'member', 'active'],
  ['Jo Abara', 'jo@larkrise.example', 'member', 'invited'], ['Sam Petrov', 'sam@larkrise.example', 'member', 'deactivated'],
].map(([name, email, role, state], n) => ({ id: id(500 + n), name, email, role, state, invited_at: ago(60 * DAY), last_seen_at: state === 'active' ? ago(12 + n * 300) : null }))

export const branding = {
  name: 'Larkrise Roofing', tagline: 'Roofs that stay quiet in the rain', color: '#1f5b3f', font: 'archivo', phone: '(555) 010-0100', hours: 'Mon to Fri, 7 to 5',
  welcome: 'Your new roof is going on this week.', signature: 'Dana and the Larkrise crew', logo_url: null as string | null, palette: palette('#1f5b3f').palette,
}
const said = [
  ['document.read', 'Margaret Ellery read “Building permit 26-0417”', 'customer', 'Margaret Ellery', 'document'], ['document.version_uploaded', 'Tomas Silva uploaded version 3 of “Supplier quote, shingles”', 'staff', 'Tomas Silva', 'document'],
  ['customer.invited', 'Dana Whitlock invited Per Brandvold', 'staff', 'Dana Whitlock', 'customer'], ['session.signed_in', 'Lena Kerr signed in', 'staff', 'Lena Kerr', 'session'], ['mail.failed', 'The mail to per@brandvold.example was refused', 'system', 'Mail', 'customer'],
  ['project.created', 'Dana Whitlock added the project Hollis barn metal roof', 'staff', 'Dana Whitlock', 'project'], ['branding.changed', 'Dana Whitlock changed the brand color', 'staff', 'Dana Whitlock', 'branding'], ['staff.invited', 'Dana Whitlock invited Jo Abara', 'staff', 'Dana Whitlock', 'staff'],
] as const
export const audit = Array.from({ length: 32 }, (_, n) => {
  const [kind, words, actor, name, subject] = said[n % said.length] ?? said[0]
  return {
    seq: 412 - n, at: ago(n * 133 + 4), actor: { kind: actor, id: id(600 + n), name }, kind, words, subject: { kind: subject, id: id(400 + n) }, project_id: n % 3 ? null : id(300), address: '203.0.113.24', device: 'Chrome on Windows',
    request_id: `01jw${n}k2m`, data: { version: n % 4, file_name: 'permit.pdf' }, hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  }
})
export const tenants = [
  ['Larkrise Roofing', 'larkrise', 'active', 'Standard'], ['Copperpan Kitchens', 'copperpan', 'active', 'Standard'], ['Northwick Heating', 'northwick', 'active', 'Large'], ['Bluff & Daughters', 'bluff', 'failed', 'Standard'], ['Tamarind Remodels', 'tamarind', 'provisioning', 'Standard'], ['Pinfold Solar', 'pinfold', 'suspended', 'Standard'], ['Quarry Street Stone', 'quarry', 'active', 'Standard'],
].map(([name, subdomain, state, plan], n) => ({
  id: id(700 + n), name, subdomain, state, plan, time_zone: 'America/Chicago', owner_email: `owner@${subdomain}.example`, created_at: ago((n + 2) * 9 * DAY), schema_version: state === 'failed' ? null : 'm20261101_000007', portal_url: `https://${subdomain}.example.com`,
  provision: { step: state === 'active' ? 'done' : state === 'failed' ? 'create_key' : 'migrate', attempts: state === 'failed' ? 5 : 1, error: state === 'failed' ? 'KMS: AccessDeniedException for kms:CreateKey' : null },
}))
export const devices = ['Chrome on Windows', 'Safari on iPhone', 'Firefox on Linux'].map((device, n) => ({ id: id(800 + n), device, address: `203.0.113.${24 + n}`, created_at: ago((n + 1) * 4 * DAY), last_seen_at: ago(n * 600 + 1), trusted: n < 2, current: n === 0 }))
export const passkeys = [{ id: id(900), name: 'Office laptop', created_at: ago(12 * DAY), last_used_at: ago(70) }]
export const steps = ['branding', 'team', 'customer', 'project', 'document', 'customer_signed_in'].map((key, n) => ({ key, done: n < 3 }))
export const nextId = (() => {
  let n = 1000
  return () => id((n += 1))
})()
