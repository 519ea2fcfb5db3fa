// Customers in words.
import type { Customer, HouseholdRole } from '@/api/types'
import type { Choice } from '@/kit/useForm'
import { day } from '@/kit/time'

interface State {
  icon: string
  tone: 'positive' | 'warning' | 'danger' | 'info' | 'brand' | ''
  words: string
}

/** How far a customer is: new, invited, here. */
export function customerState(customer: Customer): State {
  if (customer.state === 'active') return { icon: 'i-lucide-circle-check', tone: '', words: customer.last_seen_at ? `Here ${day(customer.last_seen_at)}` : 'Active' }
  if (customer.mail.state === 'failed') return { icon: 'i-lucide-circle-alert', tone: 'danger', words: 'Mail did not arrive' }
  if (customer.state === 'invited') return { icon: 'i-lucide-mail', tone: 'info', words: customer.invited_at ? `Invited ${day(customer.invited_at)}` : 'Invited' }
  return { icon: 'i-lucide-circle-dashed', tone: 'warning', words: 'Not invited yet' }
}

/** What happened to the last mail. */
export function mailState(customer: Customer): State {
  const { state, detail } = customer.mail
  if (state === 'failed') return { icon: 'i-lucide-circle-alert', tone: 'danger', words: detail || 'The mail server refused it' }
  if (state === 'queued') return { icon: 'i-lucide-hourglass', tone: 'info', words: 'On its way' }
  if (state === 'sent') return { icon: 'i-lucide-circle-check', tone: 'positive', words: 'Delivered to their mail server' }
  return { icon: 'i-lucide-circle-dashed', tone: '', words: 'No mail sent yet' }
}

export const ROLES: Record<HouseholdRole, string> = { signer: 'Signer', payer: 'Payer', viewer: 'Viewer' }
export const roleChoices: Choice[] = [
  { value: 'signer', label: 'Signer', hint: 'Sees everything and signs.' },
  { value: 'payer', label: 'Payer', hint: 'Sees everything and pays.' },
  { value: 'viewer', label: 'Viewer', hint: 'Sees everything.' },
]
