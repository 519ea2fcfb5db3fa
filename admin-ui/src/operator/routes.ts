// Every page of the operator UI.
import type { RouteRecordRaw } from 'vue-router'
import LinkPage from '@/auth/LinkPage.vue'
import SignIn from '@/auth/SignIn.vue'
import NotFound from '@/shell/NotFound.vue'

export const routes: RouteRecordRaw[] = [
  { path: '/sign-in', component: SignIn, props: { house: true }, meta: { open: true } },
  { path: '/sign-in/:token', component: LinkPage, props: { house: true }, meta: { open: true } },
  { path: '/', redirect: '/tenants' },
  { path: '/tenants', component: () => import('@/tenants/TenantsPage.vue') },
  { path: '/plugins', component: () => import('@/plugins/OperatorPlugins.vue') },
  { path: '/audit', component: () => import('@/audit/OperatorAudit.vue') },
  { path: '/devices', component: () => import('@/devices/DevicesPage.vue') },
  { path: '/:rest(.*)*', component: NotFound },
]
