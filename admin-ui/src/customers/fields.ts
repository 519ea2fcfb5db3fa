// The fields of customers and households.
import type { Field } from '@/kit/useForm'

export const customerFields: Field[] = [
  { name: 'name', label: 'Name', required: true, autocomplete: 'off', maxlength: 200 },
  { name: 'email', label: 'Mail address', kind: 'email', required: true, hint: 'They sign in with it.', maxlength: 254 },
  { name: 'phone', label: 'Phone', kind: 'tel', optional: true, maxlength: 40 },
]
export const householdFields: Field[] = [
  { name: 'name', label: 'Name', required: true, hint: 'Like “Ellery household”.', maxlength: 200 },
  { name: 'address', label: 'Address', required: true, maxlength: 300 },
]
