// The tabs of a plugin, in their order: a line here is a tab and its route.
import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

export interface PluginTab {
  /** Behind the plugin's own path; empty for the first one. */
  path: string
  label: string
  page: () => Promise<{ default: Component }>
}

export const tabs: PluginTab[] = [
  { path: '', label: 'Overview', page: () => import('./OverviewTab.vue') },
  { path: 'settings', label: 'Settings', page: () => import('./SettingsTab.vue') },
  { path: 'try', label: 'Try it', page: () => import('./TryTab.vue') },
  { path: 'runs', label: 'Runs', page: () => import('./RunsTab.vue') },
  { path: 'versions', label: 'Versions', page: () => import('./VersionsTab.vue') },
]

/** The tabs as child routes of the plugin's page. */
export const pluginTabRoutes: RouteRecordRaw[] = tabs.map((tab) => ({ path: tab.path, component: tab.page, meta: { needs: 'audit.read' } }))
