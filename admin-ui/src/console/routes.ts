// Every page of the console.
import type { RouteRecordRaw } from 'vue-router'
import LinkPage from '@/auth/LinkPage.vue'
import SignIn from '@/auth/SignIn.vue'
import { pluginTabRoutes } from '@/plugins/tabs'
import { tabRoutes } from '@/projects/tabs'
import NotFound from '@/shell/NotFound.vue'

export const routes: RouteRecordRaw[] = [
  { path: '/sign-in', component: SignIn, meta: { open: true } },
  { path: '/sign-in/:token', component: LinkPage, meta: { open: true } },
  { path: '/', component: () => import('@/start/StartPage.vue') },
  { path: '/projects', component: () => import('@/projects/ProjectsPage.vue') },
  { path: '/projects/:id', component: () => import('@/projects/ProjectPage.vue'), children: tabRoutes },
  { path: '/customers', component: () => import('@/customers/CustomersPage.vue') },
  { path: '/customers/:id', component: () => import('@/customers/CustomerPage.vue') },
  { path: '/households', component: () => import('@/customers/HouseholdsPage.vue') },
  { path: '/households/:id', component: () => import('@/customers/HouseholdPage.vue') },
  { path: '/documents', component: () => import('@/documents/DocumentsPage.vue') },
  { path: '/templates', component: () => import('@/templates/TemplatesPage.vue') },
  { path: '/templates/:id', component: () => import('@/templates/TemplatePage.vue') },
  { path: '/weather', component: () => import('@/weather/WeatherPage.vue') },
  { path: '/visits', component: () => import('@/visits/VisitsPage.vue') },
  { path: '/settings/working-days', component: () => import('@/schedule/WorkCalendarPage.vue') },
  { path: '/team', component: () => import('@/team/TeamPage.vue') },
  { path: '/branding', component: () => import('@/branding/BrandingPage.vue'), meta: { needs: 'branding.write' } },
  { path: '/settings/templates', component: () => import('@/overrides/PagesAndMails.vue'), meta: { needs: 'branding.write' } },
  { path: '/settings/templates/:template', component: () => import('@/overrides/TemplateEditor.vue'), meta: { needs: 'branding.write' } },
  { path: '/settings/photos', component: () => import('@/photos/PhotoSettingsPage.vue'), meta: { needs: 'audit.read' } },
  { path: '/settings/documents', component: () => import('@/generated-documents/SettingsPage.vue') },
  { path: '/plugins', component: () => import('@/plugins/PluginsPage.vue'), meta: { needs: 'audit.read' } },
  { path: '/plugins/:id', component: () => import('@/plugins/PluginPage.vue'), meta: { needs: 'audit.read' }, children: pluginTabRoutes },
  { path: '/audit', component: () => import('@/audit/TenantAudit.vue'), meta: { needs: 'audit.read' } },
  { path: '/devices', component: () => import('@/devices/DevicesPage.vue') },
  { path: '/:rest(.*)*', component: NotFound },
]
