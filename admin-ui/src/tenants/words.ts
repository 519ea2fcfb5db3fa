// Tenants in words.
import type { Tenant } from '@/api/types'

export const TENANT: Record<Tenant['state'], { words: string; icon: string; tone: 'danger' | 'info' | 'warning' | '' }> = {
  failed: { words: 'Not set up', icon: 'i-lucide-circle-x', tone: 'danger' },
  provisioning: { words: 'Being set up', icon: 'i-lucide-hourglass', tone: 'info' },
  suspended: { words: 'Suspended', icon: 'i-lucide-circle-pause', tone: 'warning' },
  active: { words: 'Active', icon: 'i-lucide-circle-check', tone: '' },
}
