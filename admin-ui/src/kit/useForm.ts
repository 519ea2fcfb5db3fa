// What a form knows: values, errors per field, one problem for the whole, one key per submission.
import { computed, reactive, ref, shallowRef } from 'vue'
import { asProblem, type ApiProblem } from '@/api/problem'

export type Values = Record<string, string>

export interface Choice {
  value: string
  label: string
  hint?: string
  icon?: string
}

export interface Field {
  name: string
  label: string
  /** number: digits as text, so that what was typed stays; date: "2026-06-09". */
  kind?: 'text' | 'email' | 'tel' | 'password' | 'area' | 'choice' | 'cards' | 'date' | 'time' | 'number'
  /** Shares its line with the next half. */
  half?: boolean
  hint?: string
  required?: boolean | string
  optional?: boolean
  options?: Choice[]
  autocomplete?: string
  maxlength?: number
}

export interface FormConfig<R> {
  fields: () => Field[]
  initial?: Values
  submit: (values: Values, key: string) => Promise<R>
}

/** A new value for the Idempotency-Key header. */
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A whole number that somebody typed; NaN if it is none. */
export function whole(text: string | undefined): number {
  return /^\s*-?\d+\s*$/.test(text ?? '') ? Number(text) : Number.NaN
}

/** A number that somebody typed, with a point or a comma; NaN if it is none. */
export function decimal(text: string | undefined): number {
  return /^\s*-?\d+([.,]\d+)?\s*$/.test(text ?? '') ? Number((text ?? '').replace(',', '.')) : Number.NaN
}

function missing(field: Field, value: string): string | null {
  if (!field.required || value.trim() !== '') return null
  if (typeof field.required === 'string') return field.required
  return `${field.label} is missing.`
}

export function useForm<R>(config: FormConfig<R>) {
  const values = reactive<Values>({})
  for (const field of config.fields()) values[field.name] = config.initial?.[field.name] ?? ''
  const errors = ref<Record<string, string>>({})
  const problem = shallowRef<ApiProblem | null>(null)
  const busy = ref(false)
  const start = JSON.stringify(values)
  let key = newKey()
  let sent = ''

  /** The first field with an error, in the order of the form. */
  const firstError = computed(() => config.fields().find((field) => errors.value[field.name])?.name ?? null)
  const dirty = computed(() => JSON.stringify(values) !== start)

  function check(): boolean {
    const found: Record<string, string> = {}
    for (const field of config.fields()) {
      const words = missing(field, values[field.name] ?? '')
      if (words) found[field.name] = words
    }
    errors.value = found
    return Object.keys(found).length === 0
  }

  function place(failed: ApiProblem): void {
    const names = new Set(config.fields().map((field) => field.name))
    const placed = failed.fields.filter((entry) => names.has(entry.field))
    errors.value = Object.fromEntries(placed.map((entry) => [entry.field, entry.detail]))
    problem.value = placed.length === failed.fields.length && placed.length > 0 ? null : failed
  }

  /** Sends the form. The same content keeps its key, so a second try after a lost answer cannot create twice. */
  async function submit(): Promise<R | undefined> {
    if (busy.value) return undefined
    problem.value = null
    if (!check()) return undefined
    const body = JSON.stringify(values)
    if (sent !== '' && sent !== body) key = newKey()
    sent = body
    busy.value = true
    try {
      const result = await config.submit({ ...values }, key)
      key = newKey()
      sent = ''
      errors.value = {}
      return result
    } catch (cause) {
      const failed = asProblem(cause)
      if (failed.status >= 400 && failed.status < 500) sent = ' '
      place(failed)
      return undefined
    } finally {
      busy.value = false
    }
  }

  return { values, errors, problem, busy, dirty, firstError, check, submit }
}
