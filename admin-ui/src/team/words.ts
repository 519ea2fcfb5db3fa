// Staff in words, and who may change whom.
import type { Staff, StaffRole } from '@/api/types'
import type { Choice } from '@/kit/useForm'

export const ROLE: Record<StaffRole, string> = { owner: 'Owner', manager: 'Manager', member: 'Member' }

const CHOICES: Choice[] = [
  { value: 'member', label: 'Member', hint: 'Works with customers, projects and documents.' },
  { value: 'manager', label: 'Manager', hint: 'Also withdraws documents, changes the branding and the team, reads the audit log.' },
  { value: 'owner', label: 'Owner', hint: 'May do everything, also change other owners.' },
]

/** The roles a person may give: only an owner makes owners. */
export function roleChoicesFor(own: string): Choice[] {
  return own === 'owner' ? CHOICES : CHOICES.filter((choice) => choice.value !== 'owner')
}

export function mayChange(own: string, other: StaffRole): boolean {
  return own === 'owner' || other !== 'owner'
}

export function staffState(staff: Staff): { icon: string; tone: 'info' | 'warning' | ''; words: string } {
  if (staff.state === 'invited') return { icon: 'i-lucide-mail', tone: 'info', words: 'Invited' }
  if (staff.state === 'deactivated') return { icon: 'i-lucide-user-x', tone: 'warning', words: 'Turned off' }
  return { icon: 'i-lucide-circle-check', tone: '', words: 'Active' }
}
