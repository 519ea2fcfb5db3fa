// The columns documents are listed with, and how they are grouped.
import type { Document } from '@/api/types'
import type { Column, Group } from '@/kit/DataTable.vue'

export const documentColumns = (withProject: boolean): Column[] => [
  { key: 'title', head: 'Document' },
  ...(withProject ? [{ key: 'project', head: 'Project', class: 'lg' }] : []),
  { key: 'kind', head: 'Kind', class: 'lg' },
  { key: 'visibility', head: 'Who sees it' },
  { key: 'version', head: 'Version', class: 'lg r' },
  { key: 'bytes', head: 'Size', class: 'lg r' },
  { key: 'at', head: 'Uploaded', class: 'lg' },
]

/** Two groups with the household's name over the first: nobody has to look twice. */
export function visibilityGroups(household: string): Group[] {
  return [
    { key: 'client', label: `${household} sees these`, icon: 'i-lucide-eye' },
    { key: 'internal', label: 'Only our team sees these', icon: 'i-lucide-lock' },
  ]
}

export function groupOf(groups: Group[]) {
  return (document: Document): Group => groups.find((group) => group.key === document.visibility) ?? { key: 'internal', label: 'Only our team' }
}
