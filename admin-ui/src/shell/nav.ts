// The entries of a face's navigation.
import type { Permission } from '@/session'

export interface NavItem {
  label: string
  icon: string
  to: string
  needs?: Permission
  /** Shown in the phone's tab bar; the rest is under More. */
  tab?: boolean
}

export interface NavSection {
  label: string
  /** The first section has no visible heading. */
  quiet?: boolean
  items: NavItem[]
}
