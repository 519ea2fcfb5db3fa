// Who is signed in, what they may do, and what happens when they no longer are.
import { computed, shallowRef } from 'vue'
import { api, onSessionLost, take } from './api/client'
import { ApiProblem, asProblem } from './api/problem'
import type { Session } from './api/types'
import { usePalette } from './kit/theme'
import { setZone } from './kit/time'

export type Permission =
  | 'team.manage' | 'people.write' | 'projects.write' | 'documents.write' | 'documents.delete' | 'branding.write' | 'audit.read'

const current = shallowRef<Session | null>(null)
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('pl-session')

export const session = computed(() => current.value)
export const person = computed(() => current.value?.person ?? null)
export const tenant = computed(() => current.value?.tenant ?? null)

/** Whether the signed-in person may do this. What is not allowed is not offered. */
export function can(permission: Permission): boolean {
  return current.value?.permissions.includes(permission) ?? false
}

/** Whether the signed-in person is a manager or an owner: templates, working days and weather rules are theirs. */
export function manages(): boolean {
  return can('audit.read')
}

/** Takes a session that the server has just given. */
export function enter(next: Session): void {
  current.value = next
  setZone(next.tenant?.time_zone)
  usePalette(next.branding?.palette)
}

/** Tells the other tabs of this browser, so that a waiting sign-in page goes on by itself. */
export function announceEntry(): void {
  channel?.postMessage('in')
}

/** Calls back when another tab of this browser has signed in. */
export function onEntryElsewhere(handler: () => void): () => void {
  const listen = (event: MessageEvent) => event.data === 'in' && handler()
  channel?.addEventListener('message', listen)
  return () => channel?.removeEventListener('message', listen)
}

/** Reads the session from the server: true when somebody is signed in. Other problems are thrown. */
export async function loadSession(): Promise<boolean> {
  try {
    enter(await take(api.GET('/session')))
    return true
  } catch (cause) {
    const problem = asProblem(cause)
    if (problem.status === 401) {
      current.value = null
      return false
    }
    throw problem
  }
}

/** Reads the session again after a change of branding or role. */
export async function refreshSession(): Promise<void> {
  await loadSession().catch((cause: unknown) => {
    if (!(cause instanceof ApiProblem)) throw cause
  })
}

export async function signOut(): Promise<void> {
  await take(api.DELETE('/session'))
  current.value = null
}

/** What the router does when a request finds nobody signed in. */
export function onLost(handler: () => void): void {
  onSessionLost(() => {
    if (!current.value) return
    current.value = null
    handler()
  })
}
