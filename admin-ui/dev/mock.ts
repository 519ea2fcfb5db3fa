// Development only: answers /api/v1 by the contract from mock-data.ts. Used by `npm run dev:mock`, never built.
// The code in any mail is 123 456; a token "other" wants the code, "used" and "expired" are refused.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Plugin } from 'vite'
import * as data from './mock-data.ts'
import { upgrade } from './mock-live.ts'
import { generatedWork, Pages } from './mock-generated.ts'
import { overrides, previewDocument } from './mock-overrides.ts'
import { photoWork, Picture } from './mock-photos.ts'
import { schedule } from './mock-schedule.ts'
import { palette } from './palette.ts'

type Json = Record<string, unknown>
interface Call {
  method: string
  path: string
  query: URLSearchParams
  body: Json
  operator: boolean
}
class Refusal {
  constructor(readonly status: number, readonly code: string, readonly detail: string, readonly fields: Json[] = []) {}
}

let inside = true
const all = ['team.manage', 'people.write', 'projects.write', 'documents.write', 'documents.delete', 'branding.write', 'audit.read']

function session(operator: boolean): Json {
  const person = operator ? { id: 'op', kind: 'operator', name: 'Robin Vale', email: 'robin@plumbline.example', role: 'operator' } : { ...data.team[0], kind: 'staff' }
  const plan = { name: 'Standard', max_upload_bytes: 50_000_000 }
  const tenant = { id: 't', name: 'Larkrise Roofing', subdomain: 'larkrise', time_zone: 'America/Chicago', plan, portal_url: 'https://larkrise.example.com' }
  return { person, tenant: operator ? null : tenant, permissions: operator ? [] : all, branding: operator ? null : data.branding }
}

function page(items: readonly object[], query: URLSearchParams): Json {
  const q = (query.get('q') ?? '').toLowerCase()
  const found = q ? items.filter((item) => JSON.stringify(item).toLowerCase().includes(q)) : items
  const from = Number(query.get('cursor') ?? 0), limit = Number(query.get('limit') ?? 50)
  return { items: found.slice(from, from + limit), next: from + limit < found.length ? String(from + limit) : null }
}
const by = <T extends object>(items: T[], key: string, value: string | null | undefined) => (value ? items.filter((item) => String((item as Json)[key]) === value) : items)
function one<T extends { id: string }>(items: T[], id: string | undefined): T {
  const found = items.find((item) => item.id === id)
  if (!found) throw new Refusal(404, 'not_found', 'This is not here, or it is no longer here.')
  return found
}
function code(body: Json): void {
  if (String(body.code ?? '').replace(/\D/g, '') !== '123456') throw new Refusal(422, 'code_wrong', 'This is not the code from the newest mail. 4 tries are left.')
}

function signIn({ method, path, body, operator }: Call): unknown {
  if (path === '/session' && method === 'GET') {
    if (!inside) throw new Refusal(401, 'unauthenticated', 'Sign in first.')
    return session(operator)
  }
  if (path === '/session') inside = false
  else if (path === '/session/link') return { code_minutes: 10, link_minutes: 15 }
  else if (path === '/session/passkey/challenge') return { challenge_id: data.nextId(), options: { publicKey: { challenge: 'AAAA', rpId: 'localhost' } } }
  else if (path === '/session/code' || path === '/session/link/redemption') {
    if (body.token === 'used') throw new Refusal(410, 'link_used', 'Used.')
    if (body.token === 'expired') throw new Refusal(410, 'link_expired', 'Expired.')
    if (body.token === 'other' && !body.code) throw new Refusal(409, 'code_required', 'Type the code.')
    if (path === '/session/code' || body.token === 'other') code(body)
    inside = true
    return session(operator)
  }
  return undefined
}

function people({ method, query, body }: Call, parts: string[]): unknown {
  const [root, id, sub, member] = parts
  if (root === 'team') {
    if (!id) return method === 'GET' ? page(data.team, query) : add(data.team, { ...body, state: 'invited', invited_at: new Date().toISOString(), last_seen_at: null })
    const staff = one(data.team as { id: string }[], id) as Json
    return Object.assign(staff, sub === 'deactivation' ? { state: 'deactivated' } : sub === 'reactivation' ? { state: 'active' } : sub ? {} : body)
  }
  if (root === 'customers') {
    if (!id && method === 'GET') return page(data.customers, query)
    if (!id) {
      if (String(body.email).endsWith('@taken.example')) throw new Refusal(422, 'invalid', 'Look at the fields.', [{ field: 'email', code: 'taken', detail: 'Another customer already has this address.' }])
      return add(data.customers, { phone: null, state: 'new', invited_at: null, last_seen_at: null, mail: { state: 'none', detail: null }, households: [], created_at: new Date().toISOString(), ...body })
    }
    const customer = one(data.customers as unknown as { id: string }[], id) as Json
    return Object.assign(customer, sub === 'invitation' ? { state: 'invited', invited_at: new Date().toISOString(), mail: { state: 'queued', detail: null } } : body)
  }
  if (!id) return method === 'GET' ? page(data.households, query) : add(data.households, { members: [], created_at: new Date().toISOString(), ...body })
  const house = one(data.households, id)
  if (sub === 'members') {
    house.members = house.members.filter((entry) => entry.customer_id !== member)
    const customer = data.customers.find((entry) => entry.id === member)
    if (method === 'PUT' && customer) house.members.push({ customer_id: customer.id, name: customer.name, email: customer.email, role: body.role as 'signer' })
    return house
  }
  return method === 'GET' ? house : Object.assign(house, body)
}

function add(list: readonly object[], item: Json): Json {
  const made = { id: data.nextId(), ...item }
  ;(list as object[]).unshift(made)
  return made
}

function work({ method, path, query, body }: Call, parts: string[]): unknown {
  const [root, id, sub, number] = parts
  if (root === 'projects' && !id) {
    if (method === 'GET') return page(by(by([...data.projects], 'status', query.get('status')), 'household.id', null).filter((entry) => !query.get('household') || entry.household.id === query.get('household')), query)
  }
  if (root === 'projects' && sub === 'documents') {
    if (method === 'GET') return page(data.documents.filter((entry) => entry.project.id === id), query)
    const version = { number: 1, state: 'uploading', file_name: body.file_name, media_type: body.media_type, bytes: body.bytes, sha256: null, uploaded_at: null, uploaded_by: '' }
    const project = one(data.projects as unknown as { id: string }[], id)
    return add(data.documents, { project, title: body.title, kind: body.kind, visibility: body.visibility, versions: [version], created_at: new Date().toISOString(), updated_at: new Date().toISOString() })
  }
  if (root === 'projects') return Object.assign(one(data.projects as unknown as { id: string }[], id), body)
  if (!id) return page(by(by([...data.documents], 'visibility', query.get('visibility')), 'kind', query.get('kind')), query)
  const document = one(data.documents as unknown as { id: string }[], id) as unknown as (typeof data.documents)[number]
  if (sub === 'versions' && !number) document.versions.push({ number: document.versions.length + 1, state: 'uploading', file_name: String(body.file_name), media_type: String(body.media_type), bytes: Number(body.bytes), sha256: null, uploaded_at: null, uploaded_by: '' })
  else if (path.endsWith('/content')) {
    const version = document.versions.find((entry) => entry.number === Number(number))
    if (version) Object.assign(version, { state: 'ready', uploaded_at: new Date().toISOString(), uploaded_by: 'Dana Whitlock' })
  } else if (method === 'DELETE') data.documents.splice(data.documents.indexOf(document), 1)
  else if (method === 'PATCH') Object.assign(document, body)
  return document
}

function rest({ method, path, query, body }: Call, parts: string[]): unknown {
  if (path.endsWith('/audit/verification')) return { ok: true, checked: data.audit.length * 13, head_hash: data.audit[0]?.hash, first_bad_seq: null }
  if (path.endsWith('/audit')) return page(data.audit.filter((entry) => !query.get('kind') || entry.kind.startsWith(query.get('kind') ?? '')), query)
  if (path === '/operator/tenants') return page(by([...data.tenants], 'state', query.get('state')), query)
  if (path.startsWith('/operator/tenants/')) return one(data.tenants as { id: string }[], parts[2])
  if (path === '/branding/palette') return palette(String(body.color))
  if (path === '/branding/logo') return data.branding
  if (path === '/branding') return method === 'PUT' ? Object.assign(data.branding, body, palette(String(body.color))) : data.branding
  if (path === '/setup') return { steps: data.steps }
  if (path === '/passkeys/challenge') return { challenge_id: data.nextId(), options: { publicKey: { challenge: 'AAAA', rp: { name: 'Larkrise', id: 'localhost' }, user: { id: 'AAAA', name: 'dana', displayName: 'Dana' }, pubKeyCredParams: [{ type: 'public-key', alg: -7 }] } } }
  if (parts[0] === 'passkeys') return { items: data.passkeys }
  if (parts[0] === 'devices') return { items: data.devices }
  throw new Refusal(404, 'not_found', 'This is not here.')
}

function answer(call: Call): unknown {
  const parts = call.path.split('/').filter(Boolean)
  if (parts[0] === 'session') return signIn(call)
  if (!inside) throw new Refusal(401, 'unauthenticated', 'Sign in first.')
  if (parts[0] === 'template-overrides') return overrides(call, parts)
  const photographed = photoWork(call, parts)
  if (photographed) return photographed.answer
  const written = generatedWork(call, parts)
  if (written !== undefined) return written
  const planned = schedule(call, parts)
  if (planned !== undefined || parts[0] === 'project-templates') return planned
  if (['team', 'customers', 'households'].includes(parts[0] ?? '')) return people(call, parts)
  if (['projects', 'documents'].includes(parts[0] ?? '')) return work(call, parts)
  return rest(call, parts)
}

async function read(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  if (!String(request.headers['content-type'] ?? '').includes('json')) return {}
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Json
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', 'http://localhost')
  const operator = String(request.headers.referer ?? '').includes('/operator')
  const reply = (status: number, body: unknown, type: string) => {
    response.writeHead(status, { 'content-type': type })
    response.end(body === undefined ? '' : JSON.stringify(body))
  }
  try {
    const body = await read(request)
    if (url.searchParams.get('q') === 'problem') throw new Refusal(503, 'unavailable', '')
    const result = answer({ method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, body, operator })
    if (result instanceof Picture) {
      response.writeHead(200, { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=600' })
      return void response.end(result.svg)
    }
    if (result instanceof Pages) {
      response.writeHead(200, { 'content-type': 'application/pdf' })
      return void response.end(result.pdf)
    }
    reply(result === undefined ? 204 : 200, result, 'application/json')
  } catch (cause) {
    if (!(cause instanceof Refusal) && (cause as Json).code === undefined) return reply(500, { title: String(cause) }, 'application/problem+json')
    const refusal = cause as Refusal
    reply(refusal.status, { type: 'about:blank', title: 'Refused', status: refusal.status, code: refusal.code, detail: refusal.detail, fields: refusal.fields ?? [], reference: 'demo-7f3a' }, 'application/problem+json')
  }
}

type Middlewares = { use: (path: string, handler: (request: IncomingMessage, response: ServerResponse, next: () => void) => void) => unknown }

function mount(middlewares: Middlewares): void {
  middlewares.use('/api/v1', (request, response) => void handle(request, response))
  middlewares.use('/console/template-preview', previewDocument)
  middlewares.use('/mock', (request, response) => {
    inside = request.url !== '/sign-out'
    response.end(inside ? 'in' : 'out')
  })
}

/** What the real server sends with the two documents; the preview sends it too, so that a breach is seen at once. */
const POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; frame-src blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

export function mockServer(): Plugin {
  return {
    name: 'mock-server',
    apply: 'serve',
    configureServer(server) {
      mount(server.middlewares)
      server.httpServer?.on('upgrade', (request: IncomingMessage, socket: Duplex) => upgrade(request, socket))
    },
    configurePreviewServer(server) {
      server.middlewares.use((_request, response, next) => {
        response.setHeader('content-security-policy', POLICY)
        next()
      })
      mount(server.middlewares)
      server.httpServer.on('upgrade', (request: IncomingMessage, socket: Duplex) => upgrade(request, socket))
    },
  }
}
