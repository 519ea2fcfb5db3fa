// Development only: documents that write themselves, of one project: one under way, one that failed, one that is ready.
import { documents, nextId } from './mock-data.ts'

type Json = Record<string, unknown>
interface Call {
  method: string
  body: Json
}

/** A page with one word on it. */
export class Pages {
  readonly pdf = PDF
}

const PROJECT = '0190a000-0000-7000-8000-000000000300'
const kinds = ['welcome_packet', 'progress_report', 'completion_certificate', 'warranty']
const settings: Json = {
  rules: kinds.map((kind) => ({ kind, enabled: kind !== 'completion_certificate', visibility: kind === 'warranty' ? 'internal' : 'client' })), report_at: 'end_of_phase', paper: 'letter', locale: 'en-US', currency: 'USD',
  address: '3 Ridge Road\nSampleton, IL 61000', email: 'office@larkrise.example', website: 'larkrise.example', footer: 'License 104.015221', signer_name: 'Dana Whitlock', signer_title: 'Owner',
  greeting: 'Thank you for choosing us. Here is what will happen, and who answers your questions.', prepare: 'Keep the driveway free on working days.\nMove what is fragile away from the walls.', next_steps: 'We confirm the first day with you.',
  statement: '', warranty_title: 'Workmanship warranty', warranty_lead: 'We stand for the work that we did at your house.', warranty_years: 10, covered: 'Faults in our workmanship.\nThe labor to put them right.', not_covered: 'Damage by storm.', claim: 'Call or write to us.',
}
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
function made(kind: string, title: string, state: string, reason: string, more: Json = {}): Json {
  const number = /\((.*)\)/.exec(title)?.[1] ?? ''
  const generation = { id: nextId(), state, reason, occasion: 'project_completed', asked_by: '', issued: '2026-06-09', version: state === 'ready' ? 1 : null, sha256: null, fingerprint: null, pages: state === 'ready' ? 2 : null, created_at: ago(7), ended_at: null }
  return { id: nextId(), project_id: PROJECT, milestone_id: null, kind, number, title, document_id: null, verify_url: 'https://larkrise.example.com/verify/mfrggzdfmztwq2lknnwg23tpoa', state, reason, closed: false, generations: [generation], created_at: ago(7), ...more }
}
const list: Json[] = [
  made('completion_certificate', 'Completion certificate (C-2026-0007)', 'rendering', ''),
  made('progress_report', 'Progress report: Shingles (R-2026-0012)', 'failed', 'Our fonts cannot print these characters: 屋 (U+5C4B)'),
  made('warranty', 'Warranty (W-2026-0003)', 'ready', '', { document_id: documents[5]?.id }),
]

/** The answer, if the call is about such documents. */
export function generatedWork({ method, body }: Call, [root, id, sub]: string[]): unknown {
  if (root === 'document-settings') return method === 'PUT' ? Object.assign(settings, body) : settings
  if (root === 'projects' && sub === 'document-previews') return new Pages()
  if (root === 'projects' && sub === 'generated-documents') {
    if (method === 'GET') return { items: id === PROJECT ? list : [] }
    const asked = made(String(body.kind), 'Welcome packet (P-2026-0004)', 'queued', '')
    list.unshift(asked)
    return asked
  }
  if (root !== 'generated-documents') return undefined
  const found = list.find((one) => one.id === id)
  return found && sub === 'retry' ? Object.assign(found, { state: 'queued', reason: '' }) : found
}

const PDF = Buffer.from([
  '%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n',
  '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n',
  '4 0 obj\n<< /Length 48 >>\nstream\nBT /F1 30 Tf 60 700 Td (Workmanship warranty) Tj ET\nendstream\nendobj\n',
  '5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\ntrailer << /Size 6 /Root 1 0 R >>\n%%EOF\n',
].join(''))
