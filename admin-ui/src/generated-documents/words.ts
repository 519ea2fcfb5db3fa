// Documents that write themselves, in words.
import type { DocumentLocale, GeneratedDocument, GeneratedKind, Generation } from '@/api/types'
import type { Choice } from '@/kit/useForm'

export interface KindWords {
  words: string
  icon: string
  /** What is in it. */
  what: string
  /** When it makes itself. */
  when: string
}

export const GENERATED: Record<GeneratedKind, KindWords> = {
  welcome_packet: { words: 'Welcome packet', icon: 'i-lucide-door-open', what: 'The plan, who answers, what to prepare, and the way into the portal.', when: 'When a project becomes active for the first time' },
  progress_report: { words: 'Progress report', icon: 'i-lucide-list-checks', what: 'How far the work is, what moved and why, the newest updates and photos.', when: 'When milestones are done' },
  completion_certificate: { words: 'Completion certificate', icon: 'i-lucide-badge-check', what: 'That the work is done, step by step, with the dates.', when: 'When a project is completed' },
  warranty: { words: 'Warranty', icon: 'i-lucide-award', what: 'What you stand for, how long, and how to make a claim.', when: 'When a project is completed' },
  plugin: { words: 'Document of a plugin', icon: 'i-lucide-blocks', what: 'What one of your plugins makes.', when: 'When somebody makes it' },
}
/** Those that we make ourselves. Which ones only plugins make, the server knows. */
export const KINDS_IN_ORDER: GeneratedKind[] = ['welcome_packet', 'progress_report', 'completion_certificate', 'warranty']

export const LOCALES: Record<DocumentLocale, string> = {
  'en-US': 'English, United States', 'en-GB': 'English, United Kingdom', 'en-CA': 'English, Canada', 'en-AU': 'English, Australia',
  'de-DE': 'German, Germany', 'es-US': 'Spanish, United States', 'fr-CA': 'French, Canada',
}
export const localeChoices: Choice[] = Object.entries(LOCALES).map(([value, label]) => ({ value, label }))

export interface Standing {
  icon: string
  tone: '' | 'info' | 'positive' | 'danger'
  words: string
  /** It will change by itself. */
  open: boolean
}

/** Where the newest making of a document stands. */
export function standing(document: Pick<GeneratedDocument, 'state' | 'reason'>): Standing {
  switch (document.state) {
    case 'queued': return document.reason ? { icon: 'i-lucide-hourglass', tone: 'info', words: 'Waits for another try', open: true } : { icon: 'i-lucide-hourglass', tone: 'info', words: 'Being made', open: true }
    case 'rendering': return { icon: 'i-lucide-hourglass', tone: 'info', words: 'Being made', open: true }
    case 'failed': return { icon: 'i-lucide-circle-alert', tone: 'danger', words: 'Could not be made', open: false }
    case 'unchanged': return { icon: 'i-lucide-equal', tone: '', words: 'Nothing new', open: false }
    default: return { icon: 'i-lucide-check', tone: 'positive', words: 'Ready', open: false }
  }
}

/** What needs somebody's eye: what is under way, and what failed. */
export function wanting(documents: GeneratedDocument[]): GeneratedDocument[] {
  return documents.filter((document) => !document.closed && (standing(document).open || document.state === 'failed'))
}

/** What a document is, without its number. What only a plugin makes is called as the plugin calls it. */
export function kindOf(document: Pick<GeneratedDocument, 'kind' | 'title' | 'number'>): string {
  if (document.kind !== 'plugin') return GENERATED[document.kind].words
  return document.title.replace(`(${document.number})`, '').trim() || GENERATED.plugin.words
}

const OCCASION: Record<Generation['occasion'], string> = {
  by_hand: 'By hand', project_started: 'The project started', milestone_completed: 'A milestone was done', project_completed: 'The project was completed',
}

/** Why it was made, and by whom. */
export function occasion(generation: Pick<Generation, 'occasion' | 'asked_by'>): string {
  return generation.asked_by ? `${OCCASION[generation.occasion]}, ${generation.asked_by}` : OCCASION[generation.occasion]
}
