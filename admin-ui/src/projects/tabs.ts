// The tabs of a project, in their order: a line here is a tab and its route.
import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'
import type { Permission } from '@/session'
import type { ProjectContext } from './context'

export interface ProjectTab {
  /** Behind the project's own path; empty for the first one. */
  path: string
  label: string
  page: () => Promise<{ default: Component }>
  /** Beside the label. */
  count?: (context: ProjectContext) => number | string | undefined
  needs?: Permission
}

export const tabs: ProjectTab[] = [
  { path: '', label: 'Schedule', page: () => import('@/schedule/ScheduleTab.vue') },
  { path: 'updates', label: 'Updates', page: () => import('@/updates/UpdatesTab.vue') },
  { path: 'photos', label: 'Photos', page: () => import('@/photos/PhotosTab.vue') },
  { path: 'visits', label: 'Visits', page: () => import('@/visits/VisitsTab.vue') },
  { path: 'documents', label: 'Documents', page: () => import('./ProjectDocuments.vue'), count: ({ view }) => `${view.documents.value.length}${view.more.value ? '+' : ''}` },
  { path: 'history', label: 'History', page: () => import('@/history/HistoryTab.vue') },
]

/** The tabs as child routes of the project's page. */
export const tabRoutes: RouteRecordRaw[] = tabs.map((tab) => ({ path: tab.path, component: tab.page, meta: tab.needs ? { needs: tab.needs } : {} }))
