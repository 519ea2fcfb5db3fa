// Projects in words.
import type { ProjectStatus } from '@/api/types'
import type { Choice } from '@/kit/useForm'

type Tone = 'positive' | 'warning' | 'danger' | 'info' | 'brand' | ''

export const STATUS: Record<ProjectStatus, { words: string; icon: string; tone: Tone }> = {
  planned: { words: 'Planned', icon: 'i-lucide-calendar-clock', tone: 'info' },
  active: { words: 'Active', icon: 'i-lucide-hammer', tone: 'brand' },
  on_hold: { words: 'On hold', icon: 'i-lucide-circle-pause', tone: 'warning' },
  completed: { words: 'Completed', icon: 'i-lucide-circle-check', tone: '' },
  archived: { words: 'Archived', icon: 'i-lucide-archive', tone: '' },
}

export const statusChoices: Choice[] = Object.entries(STATUS).map(([value, entry]) => ({ value, label: entry.words }))

export function isStatus(value: unknown): value is ProjectStatus {
  return typeof value === 'string' && value in STATUS
}
