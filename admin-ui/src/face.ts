// What the two faces share at start: router with its guard, Nuxt UI, theme.
import ui from '@nuxt/ui/vue-plugin'
import { createApp, shallowRef, type Component } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalizedLoaded, type RouteRecordRaw, type Router } from 'vue-router'
import { asProblem, type ApiProblem } from './api/problem'
import { startTheme } from './kit/theme'
import { loadSession, onLost, session } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown without a session. */
    open?: boolean
    /** The permission the page needs; without it the page explains itself. */
    needs?: import('./session').Permission
  }
}

/** Why the face could not start, if it could not. */
export const startProblem = shallowRef<ApiProblem | null>(null)

/** A path of this face to come back to after signing in; anything else is dropped. */
export function safeReturn(value: unknown): string {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value) && !value.startsWith('/sign-in') ? value : '/'
}

/** What a page is about: tabs below it are the same page, another project is another one. */
export function pageKey(route: RouteLocationNormalizedLoaded): string {
  return (route.matched[0]?.path ?? '').replace(/:(\w+)/g, (_, name: string) => String(route.params[name] ?? ''))
}

function toSignIn(path: string) {
  return { path: '/sign-in', query: path === '/' ? {} : { return: path } }
}

function guard(router: Router): void {
  let asked = false
  router.beforeEach(async (to) => {
    if (!session.value && !asked) {
      asked = true
      try {
        await loadSession()
        startProblem.value = null
      } catch (cause) {
        asked = false
        startProblem.value = asProblem(cause)
        return true
      }
    }
    if (to.meta.open) return session.value && to.path === '/sign-in' ? safeReturn(to.query.return) : true
    return session.value ? true : toSignIn(to.fullPath)
  })
  router.afterEach((to, from) => {
    if (pageKey(to) !== pageKey(from)) document.getElementById('main')?.focus({ preventScroll: true })
  })
  onLost(() => void router.push(toSignIn(router.currentRoute.value.fullPath)))
}

/** Starts one face under its base path. */
export function startFace(base: string, root: Component, routes: RouteRecordRaw[]): void {
  startTheme(base === '/console')
  const router = createRouter({
    history: createWebHistory(base),
    routes,
    // A filter or an opened photo changes the address and not the place.
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  })
  guard(router)
  createApp(root).use(router).use(ui).mount('#app')
}
