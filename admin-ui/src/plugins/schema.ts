// A plugin's settings: from the JSON Schema in its manifest to the fields of a form, and from what was typed back to the settings.
// The schema was checked when the plugin was uploaded; what is not understood here becomes a plain text field.
import { decimal, whole } from '@/kit/useForm'

export type SettingKind = 'text' | 'area' | 'integer' | 'number' | 'switch' | 'choice' | 'lines'
export type SettingForm = Record<string, string | boolean>

export interface SettingOption {
  /** The choice as JSON, so that a number stays one. */
  value: string
  label: string
}

export interface SettingField {
  name: string
  label: string
  hint: string
  kind: SettingKind
  /** Of a text: `email` or `url` for the keyboard of a phone. */
  type: 'text' | 'email' | 'url'
  required: boolean
  options: SettingOption[]
  min?: number
  max?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  /** What the schema gives when nothing is set. */
  fallback?: unknown
}

/** A text that may be longer than this wants more than a line. */
const LINE = 200
/** A default longer than this says that the author thinks of a paragraph, where no limit does. */
const LONG_DEFAULT = 80

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown) => (typeof value === 'string' ? value : '')
const number = (value: unknown) => (typeof value === 'number' ? value : undefined)

function kindOf(property: Json): SettingKind {
  if (Array.isArray(property.enum)) return 'choice'
  if (property.type === 'boolean') return 'switch'
  if (property.type === 'array') return 'lines'
  if (property.type === 'integer' || property.type === 'number') return property.type
  const most = number(property.maxLength)
  const given = text(property.default)
  const long = most === undefined ? given.includes('\n') || given.length > LONG_DEFAULT : most > LINE
  return long ? 'area' : 'text'
}

/** The settings as fields, in the order of the schema. */
export function fieldsOf(schema: unknown): SettingField[] {
  const object = isObject(schema) ? schema : {}
  const properties = isObject(object.properties) ? object.properties : {}
  const required = Array.isArray(object.required) ? object.required : []
  return Object.entries(properties).filter((entry): entry is [string, Json] => isObject(entry[1])).map(([name, property]) => ({
    name,
    label: text(property.title) || name,
    hint: text(property.description),
    kind: kindOf(property),
    type: property.format === 'email' ? 'email' : property.format === 'uri' ? 'url' : 'text',
    required: required.includes(name),
    options: Array.isArray(property.enum) ? property.enum.map((value) => ({ value: JSON.stringify(value), label: String(value) })) : [],
    min: number(property.minimum),
    max: number(property.maximum),
    minLength: number(property.minLength),
    maxLength: number(property.maxLength),
    minItems: number(property.minItems),
    maxItems: number(property.maxItems),
    fallback: property.default,
  }))
}

/** What the fields show for these settings. */
export function toForm(fields: readonly SettingField[], settings: unknown): SettingForm {
  const known = isObject(settings) ? settings : {}
  const form: SettingForm = {}
  for (const field of fields) {
    const value = known[field.name] ?? field.fallback
    if (field.kind === 'switch') form[field.name] = value === true
    else if (field.kind === 'lines') form[field.name] = Array.isArray(value) ? value.map(String).join('\n') : ''
    else if (field.kind === 'choice') form[field.name] = value === undefined ? '' : JSON.stringify(value)
    else form[field.name] = value === undefined || value === null ? '' : String(value)
  }
  return form
}

export interface Entered {
  settings: Json
  /** By the field's name. */
  errors: Record<string, string>
}

/** What was typed, as settings. What cannot be right is told at its field, before anything is sent. */
export function fromForm(fields: readonly SettingField[], form: SettingForm): Entered {
  const entered: Entered = { settings: {}, errors: {} }
  for (const field of fields) {
    const read = READ[field.kind](field, form[field.name] ?? '')
    if (read.error) entered.errors[field.name] = read.error
    else if (read.value !== undefined) entered.settings[field.name] = read.value
  }
  return entered
}

interface Read {
  value?: unknown
  error?: string
}
const missing = (field: SettingField): Read => ({ error: `${field.label} is missing.` })

/** The lines that say something. */
export function lines(typed: string): string[] {
  return typed.split('\n').map((line) => line.trim()).filter((line) => line !== '')
}

function readText(field: SettingField, typed: string | boolean): Read {
  const value = String(typed)
  if (value.trim() === '') {
    if (field.required) return missing(field)
    // With a default, leaving it out would bring the default back.
    return field.fallback === undefined ? {} : { value: '' }
  }
  const length = [...value].length
  if (field.minLength !== undefined && length < field.minLength) return { error: `Write at least ${field.minLength} characters.` }
  if (field.maxLength !== undefined && length > field.maxLength) return { error: `Write at most ${field.maxLength} characters. It has ${length}.` }
  return { value }
}

function readNumber(field: SettingField, typed: string | boolean): Read {
  if (String(typed).trim() === '') return field.required ? missing(field) : {}
  const value = field.kind === 'integer' ? whole(String(typed)) : decimal(String(typed))
  if (Number.isNaN(value)) return { error: field.kind === 'integer' ? 'Write a whole number.' : 'Write a number.' }
  if (field.min !== undefined && value < field.min) return { error: `Write ${range(field)}.` }
  if (field.max !== undefined && value > field.max) return { error: `Write ${range(field)}.` }
  return { value }
}

function readLines(field: SettingField, typed: string | boolean): Read {
  const value = lines(String(typed))
  if (value.length === 0 && field.required) return missing(field)
  if (field.minItems !== undefined && value.length < field.minItems) return { error: `Write at least ${field.minItems} lines.` }
  if (field.maxItems !== undefined && value.length > field.maxItems) return { error: `Write at most ${field.maxItems} lines. There are ${value.length}.` }
  return { value }
}

function readChoice(field: SettingField, typed: string | boolean): Read {
  const option = field.options.find((one) => one.value === typed)
  if (option) return { value: JSON.parse(option.value) as unknown }
  return field.required ? { error: `Choose one: ${field.label}.` } : {}
}

const READ: Record<SettingKind, (field: SettingField, typed: string | boolean) => Read> = {
  text: readText,
  area: readText,
  integer: readNumber,
  number: readNumber,
  lines: readLines,
  choice: readChoice,
  switch: (_, typed) => ({ value: typed === true }),
}

/** "a number from 1 to 50", "a number of at least 1" */
function range({ min, max, kind }: SettingField): string {
  const what = kind === 'integer' ? 'a whole number' : 'a number'
  if (min !== undefined && max !== undefined) return `${what} from ${min} to ${max}`
  return min !== undefined ? `${what} of at least ${min}` : `${what} of at most ${max}`
}

/** What stands below a field's name: the author's words, and what the form asks. */
export function hintOf(field: SettingField): string {
  const words = [field.hint.trim()].filter((hint) => hint !== '').map((hint) => (/[.!?)]$/.test(hint) ? hint : `${hint}.`))
  if (field.kind === 'lines') words.push('A line for each.')
  const numeric = field.kind === 'integer' || field.kind === 'number'
  if (numeric && (field.min !== undefined || field.max !== undefined)) words.push(`${range(field).replace(/^a /, 'A ')}.`)
  if (numeric && !field.required && field.fallback !== undefined) words.push(`Empty: ${String(field.fallback)}.`)
  return words.join(' ')
}

/** What the server says of the settings, by the field's name; what belongs to none is under ''. */
export function placed(flaws: readonly { name: string; words: string }[], fields: readonly SettingField[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (const flaw of flaws) {
    const name = flaw.name.replace(/^settings[./]/, '')
    const key = fields.some((field) => field.name === name) ? name : ''
    found[key] = found[key] ? `${found[key]} ${flaw.words}` : flaw.words
  }
  return found
}
