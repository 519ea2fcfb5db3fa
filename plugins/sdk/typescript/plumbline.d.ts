// The plugin contract, plumbline:plugin@1.0.0, as TypeScript sees it. `result<T, E>` returns T and throws E in an Error's `payload`.

// Of what browsers have, the runtime inside has these.
declare class TextEncoder { encode(text: string): Uint8Array }
declare class TextDecoder { decode(bytes: Uint8Array): string }

declare module 'plumbline:plugin/types@1.0.0' {
  export type Day = string
  export type FailureCode = 'not-granted' | 'not-found' | 'stale' | 'invalid' | 'over-limit' | 'timed-out' | 'unavailable'
  export interface Failure { code: FailureCode; message: string }
  export interface Event { id: string; kind: string; at: string; summary: string; projectId?: string; data: string }
  export interface Header { name: string; value: string }
  export interface SecretHeader { name: string; prefix: string; secret: string }
  export type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete'
  export interface HttpRequest {
    method: HttpMethod; url: string; headers: Header[]; secretHeaders: SecretHeader[]; body: Uint8Array
  }
  export interface HttpResponse { status: number; headers: Header[]; body: Uint8Array }
}

declare module 'plumbline:plugin/log@1.0.0' {
  export function write(level: 'debug' | 'info' | 'warning' | 'error', message: string): void
}

declare module 'plumbline:plugin/clock@1.0.0' {
  export interface Moment { unixMilliseconds: bigint; utc: string; today: string; timeZone: string }
  export function now(): Moment
}

declare module 'plumbline:plugin/random@1.0.0' {
  export function bytes(count: number): Uint8Array
}

declare module 'plumbline:plugin/projects@1.0.0' {
  import type { Day } from 'plumbline:plugin/types@1.0.0'
  export interface CompanyDetails { name: string; phone: string; email: string; address: string; locale: string; currency: string }
  export interface Details {
    id: string; number: bigint; name: string; address: string; household: string; startsOn?: Day; endsOn?: Day
    status: 'planned' | 'active' | 'on-hold' | 'completed' | 'archived'
  }
  export interface Person { name: string; email: string; phone: string; role: 'signer' | 'payer' | 'viewer' }
  export interface Milestone {
    id: string; phase: string; name: string; note: string
    plannedStart: Day; plannedEnd: Day; actualStart?: Day; actualEnd?: Day
  }
  export interface Visit { title: string; startsAt: string; endsAt: string; who: string }
  export interface Photo { id: string; caption: string; room: string; phase: string; takenOn?: Day }
  export interface Document { id: string; title: string; kind: string; addedOn: Day }
  export interface Project {
    details(): Details
    household(): Person[]
    milestones(): Milestone[]
    visits(): Visit[]
    photos(): Photo[]
    documents(): Document[]
  }
  export function company(): CompanyDetails
  export function open(id: string): Project
}

declare module 'plumbline:plugin/kv@1.0.0' {
  export function get(key: string): Uint8Array | undefined
  export function set(key: string, value: Uint8Array): void
  function _delete(key: string): void
  export { _delete as delete }
  export function list(prefix: string): string[]
}

declare module 'plumbline:plugin/http@1.0.0' {
  import type { HttpRequest, HttpResponse } from 'plumbline:plugin/types@1.0.0'
  export function send(request: HttpRequest): HttpResponse
}

declare module 'plumbline:plugin/secrets@1.0.0' {
  export function names(): string[]
}

// What a document generator exports: `export const documents: Documents`.
declare module 'plumbline:plugin/documents@1.0.0' {
  import type { Project } from 'plumbline:plugin/projects@1.0.0'
  export interface Request { kind: string; number: string; locale: string; settings: string }
  export interface Fact { label: string; value: string }
  export interface Column { title: string; align: 'start' | 'end' }
  export interface Table { caption: string; columns: Column[]; rows: string[][] }
  export type Block = { tag: 'paragraph'; val: string } | { tag: 'bullets'; val: string[] } | { tag: 'table'; val: Table }
  export interface Section { title: string; blocks: Block[] }
  export interface Signature { role: string; name: string }
  export interface Content {
    title: string; subtitle: string; intro: string[]; facts: Fact[]; covered: string[]; notCovered: string[]
    sections: Section[]; signatures: Signature[]
  }
  export type Output = { tag: 'content'; val: Content } | { tag: 'pdf'; val: Uint8Array }
  export interface Documents { generate(request: Request, project: Project): Output }
}

// What a notifier exports: `export const notifications: Notifications`.
declare module 'plumbline:plugin/notifications@1.0.0' {
  import type { Event, HttpRequest } from 'plumbline:plugin/types@1.0.0'
  export type Message =
    | { tag: 'mail'; val: { to: 'household' | 'managers'; subject: string; text: string } }
    | { tag: 'notice'; val: { title: string; text: string } }
    | { tag: 'webhook'; val: HttpRequest }
  export interface Notifications { notify(event: Event, settings: string): Message[] }
}

// What an event hook exports: `export const events: Events`.
declare module 'plumbline:plugin/events@1.0.0' {
  import type { Event } from 'plumbline:plugin/types@1.0.0'
  export interface Note { title: string; text: string }
  export interface Events { handle(event: Event, settings: string): Note[] }
}
