// Plugins in words: their states, events, runs and messages; and which of all companies' plugins an operator looks at first.
import type { OperatorInstall, OperatorPlugin, Plugin, PluginMessage, PluginRehearsal, PluginRow, PluginRunRow, PluginState, PluginWant } from '@/api/types'
import { count, firstName } from '@/kit/names'

export type Tone = '' | 'positive' | 'warning' | 'danger' | 'info'
export interface Mark {
  words: string
  icon: string
  tone: Tone
}

export const STATE: Record<PluginState, Mark> = {
  new: { words: 'Needs approval', icon: 'i-lucide-shield-question-mark', tone: 'warning' },
  off: { words: 'Off', icon: 'i-lucide-circle-pause', tone: '' },
  on: { words: 'On', icon: 'i-lucide-circle-check', tone: 'positive' },
  failing: { words: 'Failing', icon: 'i-lucide-octagon-x', tone: 'danger' },
  stopped: { words: 'Stopped by us', icon: 'i-lucide-octagon-alert', tone: 'danger' },
}

export const WORLD: Record<Plugin['world'], { words: string; icon: string }> = {
  document_generator: { words: 'Makes documents', icon: 'i-lucide-file-pen-line' },
  notifier: { words: 'Sends messages', icon: 'i-lucide-send' },
  event_hook: { words: 'Adds notes', icon: 'i-lucide-notebook-pen' },
}

/** What happened, as the subject of "it runs when". */
const EVENT: Record<string, string> = {
  'customer.created': 'A customer was added',
  'customer.invited': 'A customer was invited to the portal',
  'project.created': 'A project was added',
  'project.changed': 'A project’s name, address or status changed',
  'milestone.started': 'Work on a milestone began',
  'milestone.completed': 'A milestone was done',
  'milestone.reopened': 'A milestone was opened again',
  'milestone.moved': 'A milestone was moved',
  'appointment.created': 'A visit was planned',
  'appointment.changed': 'A visit changed',
  'appointment.cancelled': 'A visit was called off',
  'appointment.confirmed': 'A household confirmed a visit',
  'appointment.move_asked': 'A household asked to move a visit',
  'update.posted': 'An update was posted',
  'photo.uploaded': 'A photo was added',
  'weather_delay.accepted': 'A delay by weather was accepted',
  'weather_delay.withdrawn': 'A delay by weather was taken back',
  'document.uploaded': 'A document was uploaded',
  'generated_document.ready': 'A document that writes itself was made',
}

/** An event in words; one that we do not know keeps its name. */
export function eventWords(kind: string): string {
  return EVENT[kind] ?? kind
}

export const WANT: Record<PluginWant['kind'], string> = {
  projects: 'i-lucide-folder-kanban', kv: 'i-lucide-database', http: 'i-lucide-globe', secret: 'i-lucide-key-round',
}

const ENDED: Record<string, string> = {
  declined: 'Said no', fuel: 'Stopped: out of fuel', 'cpu-time': 'Stopped: computed too long', time: 'Stopped: took too long', memory: 'Stopped: out of memory', tables: 'Stopped: tables too large',
  'too-many-calls': 'Stopped: asked too often', 'too-much-at-once': 'Stopped: too much at once', 'output-too-large': 'Stopped: answer too large', 'bad-output': 'Stopped: answer not usable', 'bad-handle': 'Stopped: a faulty handle',
  'stack-overflow': 'Stopped: called itself without end', crashed: 'Stopped: it crashed', diverged: 'Stopped: differs', 'not-for-it': 'Not started', busy: 'Not started: too busy', host: 'Not finished: our fault',
}
/** What is not the plugin's fault is nothing to be alarmed about. */
const NOT_ITS_FAULT = ['busy', 'host', 'not-for-it']

/** How a run ended, in a few words for a table. */
export function ended(run: Pick<PluginRunRow, 'ok' | 'outcome' | 'words' | 'headroom'>): Mark {
  if (run.ok) {
    return run.headroom < 0.2 ? { words: 'Finished, little fuel left', icon: 'i-lucide-triangle-alert', tone: 'warning' } : { words: 'Finished', icon: 'i-lucide-circle-check', tone: '' }
  }
  const words = ENDED[run.outcome] ?? run.words
  if (run.outcome === 'declined') return { words, icon: 'i-lucide-message-circle-x', tone: 'warning' }
  if (NOT_ITS_FAULT.includes(run.outcome)) return { words, icon: 'i-lucide-hourglass', tone: 'info' }
  return { words, icon: 'i-lucide-octagon-x', tone: 'danger' }
}

/** Why it ran: "Dana, by hand" for a test. */
export function startedBy(run: Pick<PluginRunRow, 'occasion' | 'asked_by'>): string {
  if (run.occasion === 'test') return run.asked_by ? `${firstName(run.asked_by)}, by hand` : 'By hand'
  return run.occasion === 'document' ? 'A document' : 'An event'
}

/** "120 of 5,000 runs in the last 24 hours" and the like. */
export function quota(number: number, most: number, what: string): string {
  const figure = (value: number) => value.toLocaleString('en-US')
  return `${figure(number)} of ${figure(most)} ${what}`
}

/** What a list says of a plugin's last day. */
export function lastDay(row: Pick<PluginRow, 'runs' | 'failures'>): string {
  if (row.runs === 0) return 'No runs in 24 hours'
  return row.failures === 0 ? `${count(row.runs, 'run')} in 24 hours` : `${count(row.runs, 'run')}, ${row.failures} failed`
}

export const MESSAGE: Record<PluginMessage['kind'], { words: string; icon: string }> = {
  mail: { words: 'Mail', icon: 'i-lucide-mail' },
  notice: { words: 'Line in the console', icon: 'i-lucide-bell' },
  webhook: { words: 'Request', icon: 'i-lucide-arrow-up-right' },
  note: { words: 'Note in the history', icon: 'i-lucide-notebook-pen' },
}

/** "Mail to the household" */
export function messageHead({ kind, to }: Pick<PluginMessage, 'kind' | 'to'>): string {
  if (to === '') return MESSAGE[kind].words
  return `${MESSAGE[kind].words} to ${to === 'household' ? 'the household' : to === 'managers' ? 'managers and owners' : to}`
}

/** What became of a message. Of a test nothing is sent. */
export function messageState(state: PluginMessage['state']): Mark {
  switch (state) {
    case 'queued': return { words: 'On its way', icon: 'i-lucide-hourglass', tone: 'info' }
    case 'sent': return { words: 'Done', icon: 'i-lucide-check', tone: 'positive' }
    case 'failed': return { words: 'Failed', icon: 'i-lucide-circle-alert', tone: 'danger' }
    default: return { words: 'Not sent, this was a test', icon: 'i-lucide-flask-conical', tone: '' }
  }
}

/** Where a rehearsal stands. */
export function rehearsed(one: Pick<PluginRehearsal, 'state' | 'different' | 'failed'>): Mark {
  switch (one.state) {
    case 'queued': return { words: 'Waits for its turn', icon: 'i-lucide-hourglass', tone: 'info' }
    case 'running': return { words: 'Under way', icon: 'i-lucide-hourglass', tone: 'info' }
    case 'failed': return { words: 'Broke off', icon: 'i-lucide-circle-alert', tone: 'danger' }
    default: break
  }
  if (one.failed > 0) return { words: `${one.failed} failed`, icon: 'i-lucide-octagon-x', tone: 'danger' }
  return one.different > 0 ? { words: `${one.different} different`, icon: 'i-lucide-diff', tone: 'warning' } : { words: 'All as before', icon: 'i-lucide-circle-check', tone: 'positive' }
}

/** It will go on by itself. */
export function underWay(one: Pick<PluginRehearsal, 'state'>): boolean {
  return one.state === 'queued' || one.state === 'running'
}

/** What a refused file is told with: words for the office, and below them what only the author needs. */
export function refusalOf(detail: string): { words: string; author: string } {
  const at = detail.indexOf('\n')
  return at < 0 ? { words: detail.trim(), author: '' } : { words: detail.slice(0, at).trim(), author: detail.slice(at + 1).trim() }
}

export type Alarm = 'failing' | 'stopped' | 'last' | 'fine'

/** Whether the newest run of an install failed. */
function lastFailed(install: OperatorInstall): boolean {
  return !!install.last_failure_at && !!install.last_run_at && Date.parse(install.last_failure_at) >= Date.parse(install.last_run_at)
}

/** What is wrong with an install, if anything is. */
export function installAlarm(install: OperatorInstall): Exclude<Alarm, 'stopped'> {
  if (install.off_reason !== '') return 'failing'
  return lastFailed(install) ? 'last' : 'fine'
}

/** What is wrong with a component: a stop comes first, because it explains the rest. */
export function alarm(plugin: Pick<OperatorPlugin, 'stop' | 'installs'>): Alarm {
  if (plugin.stop) return 'stopped'
  const all = plugin.installs.map(installAlarm)
  return all.includes('failing') ? 'failing' : all.includes('last') ? 'last' : 'fine'
}

export const ALARM: Record<Alarm, Mark> = {
  failing: { words: 'Turned itself off', icon: 'i-lucide-octagon-x', tone: 'danger' },
  last: { words: 'Last run failed', icon: 'i-lucide-triangle-alert', tone: 'warning' },
  stopped: { words: 'Stopped everywhere', icon: 'i-lucide-ban', tone: 'info' },
  fine: { words: 'Nothing wrong', icon: 'i-lucide-circle-check', tone: '' },
}

/** The newest failure of any company. */
export function newestFailure(plugin: Pick<OperatorPlugin, 'installs'>): OperatorInstall | null {
  const failed = plugin.installs.filter((install) => install.last_failure_at)
  return failed.reduce<OperatorInstall | null>((best, install) => (best && (best.last_failure_at ?? '') >= (install.last_failure_at ?? '') ? best : install), null)
}
