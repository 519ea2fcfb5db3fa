// One plugin and its rehearsals, kept up to date while somebody looks; shared by the tabs of its page.
import { inject, onScopeDispose, provide, ref, shallowRef, type InjectionKey, type Ref } from 'vue'
import { api, take } from '@/api/client'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { Plugin, PluginRehearsal } from '@/api/types'
import { useLive } from '@/kit/live'
import { useNotice } from '@/kit/notice'
import { underWay } from './words'

/** How often a rehearsal is looked at while it goes on. */
const AGAIN = 2_000

export function usePlugin(id: string) {
  const notice = useNotice()
  const params = { path: { plugin: id } }
  const plugin = shallowRef<Plugin | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const rehearsals = shallowRef<PluginRehearsal[]>([])
  /** Why the last thing that was asked for could not be done. */
  const refused = shallowRef<ApiProblem | null>(null)
  const busy = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    try {
      plugin.value = await take(api.GET('/plugins/{plugin}', { params }))
      problem.value = null
    } catch (cause) {
      problem.value = asProblem(cause)
    }
  }
  async function lookAtRehearsals(): Promise<void> {
    clearTimeout(timer)
    try {
      rehearsals.value = (await take(api.GET('/plugins/{plugin}/rehearsals', { params }))).items
    } catch {
      // What is known stays; the next look tells more.
    }
    if (rehearsals.value.some(underWay)) timer = setTimeout(() => void lookAtRehearsals(), AGAIN)
  }
  onScopeDispose(() => clearTimeout(timer))

  async function reload(): Promise<void> {
    await Promise.all([load(), lookAtRehearsals()])
  }
  void reload()
  useLive({ topics: ['company'], reload })

  /** Does one thing, shows what the plugin is then, and says so; true if it was done. Refusals stay until the next thing is tried. */
  async function act(name: string, work: () => Promise<Plugin>, words: (next: Plugin) => string): Promise<boolean> {
    if (busy.value) return false
    busy.value = name
    refused.value = null
    try {
      plugin.value = await work()
      notice(words(plugin.value))
      return true
    } catch (cause) {
      refused.value = asProblem(cause)
      return false
    } finally {
      busy.value = ''
    }
  }

  /** Says when it runs; what is not given stays. */
  function enable(name: string, change: Partial<{ enabled: boolean; events: string[]; documents: string[] }>, words: (next: Plugin) => string): Promise<boolean> {
    const now = plugin.value
    const body = {
      enabled: now?.enabled ?? false,
      events: now?.events.filter((event) => event.enabled && event.known).map((event) => event.kind) ?? [],
      documents: now?.documents.filter((document) => document.enabled).map((document) => document.kind) ?? [],
      ...change,
    }
    return act(name, () => take(api.PUT('/plugins/{plugin}/enabling', { params, body })), words)
  }

  async function rehearse(number: number): Promise<boolean> {
    if (busy.value) return false
    busy.value = `rehearse-${number}`
    refused.value = null
    try {
      const begun = await take(api.POST('/plugins/{plugin}/rehearsals', { params, body: { number } }))
      rehearsals.value = [begun, ...rehearsals.value.filter((one) => one.id !== begun.id)]
      timer = setTimeout(() => void lookAtRehearsals(), AGAIN)
      return true
    } catch (cause) {
      refused.value = asProblem(cause)
      return false
    } finally {
      busy.value = ''
    }
  }

  return { id, params, plugin, problem, rehearsals, refused, busy, load, reload, act, enable, rehearse }
}

export type PluginContext = Omit<ReturnType<typeof usePlugin>, 'plugin'> & { plugin: Ref<Plugin> }
const KEY: InjectionKey<PluginContext> = Symbol('plugin')

/** Tabs are only drawn once the plugin has been read. */
export function providePlugin(context: ReturnType<typeof usePlugin>): void {
  provide(KEY, context as PluginContext)
}

/** The plugin whose tab this is. */
export function usePluginTab(): PluginContext {
  const context = inject(KEY)
  if (!context) throw new Error('a tab outside of a plugin')
  return context
}
