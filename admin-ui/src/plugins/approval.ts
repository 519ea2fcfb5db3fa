// Which version asks, what of it is ticked, and what an approval says: all of it decided here, so that it can be tested.
import type { Plugin, PluginApproval, PluginVersion, PluginWant } from '@/api/types'

/** The version in use. */
export function activeOf(plugin: Pick<Plugin, 'active' | 'versions'>): PluginVersion | null {
  return plugin.versions.find((version) => version.number === plugin.active) ?? null
}

/** The newest version, if it is newer than the one in use: it waits for somebody's yes. */
export function waitingOf(plugin: Pick<Plugin, 'active' | 'versions'>): PluginVersion | null {
  const newest = plugin.versions.reduce<PluginVersion | null>((best, version) => (best && best.number > version.number ? best : version), null)
  return newest && newest.number > (plugin.active ?? 0) ? newest : null
}

/** A want's name among the others of its version. */
export function wantKey(want: Pick<PluginWant, 'kind' | 'name'>): string {
  return want.name ? `${want.kind}:${want.name}` : want.kind
}

/** Whether the version in use was allowed this. */
function allowed(approval: Plugin['approval'], want: PluginWant): boolean {
  switch (want.kind) {
    case 'projects': return approval?.projects ?? false
    case 'kv': return approval?.kv ?? false
    case 'http': return approval?.http.includes(want.name) ?? false
    default: return approval?.secrets.includes(want.name) ?? false
  }
}

/** Whether the version in use never asked for this. What somebody refused it is not new: it is not asked for again by a tick. */
export function isFresh(plugin: Pick<Plugin, 'active' | 'versions'>, want: PluginWant): boolean {
  const known = activeOf(plugin)?.wants.some((one) => wantKey(one) === wantKey(want)) ?? false
  return want.is_new && !known
}

/** What is ticked at first: all that is new, and of the rest what was allowed before. */
export function ticked(version: PluginVersion, plugin: Pick<Plugin, 'active' | 'versions' | 'approval'>): Set<string> {
  const keep = (want: PluginWant) => isFresh(plugin, want) || allowed(plugin.approval, want)
  return new Set(version.wants.filter(keep).map(wantKey))
}

/** The approval for what is ticked. */
export function approvalOf(version: PluginVersion, ticks: ReadonlySet<string>): PluginApproval {
  const has = (kind: PluginWant['kind']) => version.wants.filter((want) => want.kind === kind && ticks.has(wantKey(want)))
  return {
    number: version.number,
    projects: has('projects').length > 0,
    kv: has('kv').length > 0,
    http: has('http').map((want) => want.name),
    secrets: has('secret').map((want) => want.name),
  }
}

/** What the version in use may do, as wants. */
export function mayDo(plugin: Pick<Plugin, 'active' | 'versions' | 'approval'>): PluginWant[] {
  return activeOf(plugin)?.wants.filter((want) => allowed(plugin.approval, want)) ?? []
}

export interface Question {
  title: string
  text: string
  /** The yes. */
  allow: string
  /** The no. */
  stay: string
}

/** What is asked about a version, by where it stands to the one in use. */
export function questionOf(plugin: Pick<Plugin, 'active' | 'versions' | 'title'>, version: PluginVersion): Question {
  const active = activeOf(plugin)
  const fresh = version.wants.filter((want) => isFresh(plugin, want)).length
  if (!active) {
    const asks = version.wants.length === 0 ? 'asks for nothing but to run' : `asks for ${permissions(version.wants.length)}`
    return { title: `${plugin.title} ${version.version} ${asks}`, text: 'It does nothing until you allow it, and then only what is ticked.', allow: `Allow and use ${version.version}`, stay: 'Not now' }
  }
  if (active.number === version.number) {
    return { title: `What ${version.version} may do`, text: 'It is in use. What you untick is taken away at once.', allow: 'Save what it may do', stay: 'Leave it as it is' }
  }
  const keeps = `Until you decide, ${active.version} keeps running as before.`
  const stay = `Stay on ${active.version}`
  if (version.number < active.number) return { title: `Go back to version ${version.version}?`, text: keeps, allow: `Allow and use ${version.version}`, stay }
  const asks = fresh === 0 ? 'asks for nothing new' : fresh === 1 ? 'asks for one more permission' : `asks for ${fresh} more permissions`
  return { title: `Version ${version.version} ${asks}`, text: keeps, allow: `Allow and use ${version.version}`, stay }
}

function permissions(number: number): string {
  return number === 1 ? 'one permission' : `${number} permissions`
}

export interface Todo {
  words: string
  /** The tab where it is done. */
  tab: '' | 'settings'
}

/** What is left to do before an approved plugin can do its work. */
export function todoOf(plugin: Plugin): Todo[] {
  if (plugin.active === undefined || plugin.active === null) return []
  const todo: Todo[] = []
  const flaws = plugin.settings_flaws.length
  if (flaws > 0) todo.push({ words: flaws === 1 ? 'Look at one of its settings' : `Look at ${flaws} of its settings`, tab: 'settings' })
  for (const secret of plugin.secrets) if (secret.approved && !secret.set_at) todo.push({ words: `Fill in the secret “${secret.title}”`, tab: 'settings' })
  if (!chosen(plugin)) todo.push({ words: plugin.documents.length > 0 ? 'Choose which documents it makes' : 'Choose when it runs', tab: '' })
  return todo
}

/** Whether anything makes it run. */
export function chosen(plugin: Pick<Plugin, 'events' | 'documents'>): boolean {
  return plugin.events.some((event) => event.enabled && event.known) || plugin.documents.some((document) => document.enabled)
}
