// Development only: pages and mails that can be written anew, two of them written and one of those broken.
import type { IncomingMessage, ServerResponse } from 'node:http'

type Json = Record<string, unknown>
interface Call { method: string; path: string; body: Json }

const html = `{% from "home/_parts.html" import answer, asked, lead, news, next_visit, papers, photos, steps, weather %}
{% from "components/_contact.html" import contact %}
{% set project = page.only %}
{{ answer(project, frame) }}
<div class="pl-wrap pl-main pl-two pl-home">
<div class="pl-stack">
{# What we ask for comes first. #}
{{ asked(project, frame) }}
{{ weather(project, frame) }}
{% if project.lead %}<p>Good to have you, <strong>{{ page.first_name }}</strong>.</p>{% endif %}
</div>
<div class="pl-stack">{{ steps(project, frame) }}</div>
</div>`
const mailHtml = `{% from "mail/_parts.html" import para, button, address %}
{{ para(frame, "Welcome, " ~ page.first_name ~ ".") }}
{{ button(frame, page.link, "See my project") }}
{{ address(frame, page.link) }}`
const none = { version: null, changed_at: null, changed_by: null, failure: null }
const yours = { version: 3, changed_at: '2026-06-08T14:02:00Z', changed_by: 'Dana Whitlock', failure: null }
const failure = { count: 41, first_at: '2026-06-08T09:10:00Z', last_at: '2026-06-08T15:40:00Z', part: 'html', line: 9, words: 'There is no “page.welcome” here.' }
const row = (template: string, name: string, about: string, kind: string, state = 'ours', more: Json = none) => ({ template, name, about, kind, state, ...more })
const rows = [
  row('home', 'Start page', 'What a customer sees first: their one project, or a list of several.', 'page', 'yours', yours),
  row('project', 'Project page', 'One project, for customers who have several.', 'page'),
  row('documents', 'Documents', 'All papers of a project, by kind.', 'page'),
  row('photos', 'Photos', 'All photos of a project, with before and after.', 'page'),
  row('visits', 'Visits', 'When somebody comes, and what the household says to it.', 'page', 'broken', { ...yours, version: 1, failure }),
  row('mail_sign_in', 'Sign-in mail', 'To a customer who asked to sign in: a button and six numbers.', 'mail'),
  row('mail_invitation', 'Invitation mail', 'The first mail to a customer.', 'mail', 'yours', { ...yours, version: 1 }),
]
const snippet = (name: string, code: string, words: string) => ({ name, snippet: code, import: name ? `{% from "home/_parts.html" import ${name} %}` : '', words })
const field = (path: string, kind: string, words: string, example = '') => ({ path, kind, words, example })
const version = (number: number, note: string, author: string, at: string) => ({ number, note, author_name: author, created_at: at, active: number === 3 })
const versions = [version(3, 'The steps stand on top', 'Dana Whitlock', '2026-06-08T14:02:00Z'), version(2, '', 'Joss Amberley', '2026-06-05T10:20:00Z'), version(1, 'First try', 'Dana Whitlock', '2026-06-04T08:00:00Z')]
const line = (change: string, before: number | null, now: number | null, text: string) => ({ change, before, now, text })

function view(key: string): Json {
  const about = rows.find((entry) => entry.template === key) ?? rows[0]
  const text = about?.kind === 'mail' ? { html: mailHtml, subject: 'Come in, {{ page.first_name }}', heading: 'Hello {{ page.first_name }}', text: 'Welcome.\n\n{{ page.link }}' } : { html, subject: '', heading: '', text: '' }
  return {
    about, text, ours: { ...text, html: text.html.replace(/^.*Good to have you.*\n/m, '') },
    required: ['one heading <h1>, no more and no less.', 'the answer on top: {{ answer(project, frame) }}.', 'the steps: {{ steps(project, frame) }}.'],
    components: [snippet('answer', '{{ answer(project, frame) }}', 'The sentence on top, with the ring.'), snippet('steps', '{{ steps(project, frame) }}', 'All the steps as a line through time.'), snippet('contact', '{{ contact(frame) }}', 'Your phone and hours, from the branding.')],
    fields: [field('page.first_name', 'text', 'How the reader is called.', 'Margaret'), field('page.only', 'group, or none', 'The screen of the only project there is.'), field('page.only.steps', 'list of groups', 'The line through time; empty without a plan.', '6 of them'), field('page.only.steps[].name', 'text', 'For example “Shingles”.', 'Tear-off'), field('frame.brand.phone', 'text', 'As people write it; may be empty.')],
    language: [snippet('', '{{ page.only.answer.finishes|date(frame) }}', 'A day: Tue, June 9.'), snippet('', '{% if page.only %} … {% endif %}', 'Only where there is something.')],
    classes: ['pl-wrap', 'pl-stack'],
  }
}

/** Answers what is about pages and mails. */
export function overrides({ method, path, body }: Call, parts: string[]): unknown {
  const [, key = '', sub, number] = parts
  if (!key) return { items: rows }
  if (sub === 'preview') {
    const text = String((body.text as Json | undefined)?.html ?? '')
    const at = text.split('\n').findIndex((entry) => entry.includes('<script'))
    const flaws = at < 0 ? [] : [{ part: 'html', line: at + 1, column: 1, words: '“<script>” cannot stand here: pages run our scripts only.', seen_with: null }]
    const mail = key.startsWith('mail_')
    return { flaws, shown: flaws.length ? null : { reader: 'Margaret Ellery', note: mail ? 'The button leads nowhere.' : '', subject: mail ? 'Come in, Margaret' : '', text: mail ? 'Welcome.\n\nhttps://larkrise.example.com/invitation/preview' : '' } }
  }
  if (sub === 'versions' && number) return { version: versions.find((entry) => entry.number === Number(number)), text: view(key).text, changes: [{ part: 'html', lines: [line('same', 9, 9, '{{ weather(project, frame) }}'), line('removed', 10, null, '<p>Hello.</p>'), line('added', null, 10, '{% if project.lead %}<p>Good to have you, <strong>{{ page.first_name }}</strong>.</p>{% endif %}'), line('same', 11, 11, '</div>')] }] }
  if (sub === 'versions') return { items: versions }
  if (path.endsWith('/active') && method === 'DELETE') return { ...view(key), about: { ...(view(key).about as Json), state: 'ours', ...none } }
  return view(key)
}

/** The document in the editor's frame. */
export function previewDocument(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'self'; sandbox allow-same-origin")
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end('<!doctype html><html lang="en"><title>Preview</title><main><h1>Your new roof is going on this week.</h1><p>Good to have you, <strong>Margaret</strong>.</p></main></html>')
}
