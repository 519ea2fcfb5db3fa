// The form that is made of a plugin's schema: which fields, what they show, and what comes back.
import { describe, expect, it } from 'vitest'
import { fieldsOf, fromForm, hintOf, lines, placed, toForm } from './schema'

const schema = {
  type: 'object',
  required: ['years', 'sender'],
  properties: {
    years: { type: 'integer', title: 'Years of warranty', minimum: 1, maximum: 50, default: 10 },
    rate: { type: 'number', title: 'Rate', minimum: 0 },
    sender: { type: 'string', title: 'Sender', description: 'What the phone shows', minLength: 3, maxLength: 11 },
    letter: { type: 'string', title: 'Letter', maxLength: 2000 },
    note: { type: 'string', title: 'Note', default: 'First line.\nSecond line.' },
    mail: { type: 'string', title: 'Mail', format: 'email' },
    form: { type: 'string', title: 'Form', enum: ['conditional', 'unconditional'], default: 'conditional' },
    copies: { type: 'integer', title: 'Copies', enum: [1, 2] },
    signers: { type: 'boolean', title: 'Only to those who sign', default: true },
    bundles: { type: 'array', title: 'Bundles', description: 'Slope; serial number', items: { type: 'string' }, maxItems: 2, default: ['North; A', 'South; B'] },
  },
}
const fields = fieldsOf(schema)
const field = (name: string) => fields.find((one) => one.name === name) ?? fields[0]!
const typed = (change: Record<string, string | boolean>) => fromForm(fields, { ...toForm(fields, { sender: 'LARK' }), ...change })

describe('the fields of a schema', () => {
  it('makes of each setting what it is, in the order of the schema', () => {
    expect(fields.map((one) => [one.name, one.kind])).toEqual([
      ['years', 'integer'], ['rate', 'number'], ['sender', 'text'], ['letter', 'area'], ['note', 'area'], ['mail', 'text'], ['form', 'choice'], ['copies', 'choice'], ['signers', 'switch'], ['bundles', 'lines'],
    ])
    expect(field('mail').type).toBe('email')
    expect(fields.filter((one) => one.required).map((one) => one.name)).toEqual(['years', 'sender'])
  })
  it('has no fields for a plugin without settings, and bears what is no schema', () => {
    expect(fieldsOf({ type: 'object', properties: {} })).toEqual([])
    expect(fieldsOf(null)).toEqual([])
    expect(fieldsOf({ properties: { broken: 7 } })).toEqual([])
  })
  it('says below a field what the author says and what the form asks', () => {
    expect(hintOf(field('sender'))).toBe('What the phone shows.')
    expect(hintOf(field('years'))).toBe('A whole number from 1 to 50.')
    expect(hintOf(field('rate'))).toBe('A number of at least 0.')
    expect(hintOf(field('bundles'))).toBe('Slope; serial number. A line for each.')
    expect(hintOf({ ...field('years'), required: false })).toBe('A whole number from 1 to 50. Empty: 10.')
  })
})

describe('what the form shows', () => {
  it('is what is set, else the default, else nothing', () => {
    expect(toForm(fields, { years: 25, bundles: ['East; C'], signers: false })).toEqual({
      years: '25', rate: '', sender: '', letter: '', note: 'First line.\nSecond line.', mail: '', form: '"conditional"', copies: '', signers: false, bundles: 'East; C',
    })
  })
})

describe('what comes back', () => {
  it('has the types of the schema, and leaves out what is empty', () => {
    const { settings, errors } = typed({ years: ' 12 ', rate: '1,5', copies: '2', bundles: '  North; A \n\n' })
    expect(errors).toEqual({})
    expect(settings).toEqual({ years: 12, rate: 1.5, sender: 'LARK', note: 'First line.\nSecond line.', form: 'conditional', copies: 2, signers: true, bundles: ['North; A'] })
  })
  it('sends an emptied text that has a default, or the default would come back', () => {
    expect(typed({ note: '' }).settings.note).toBe('')
    expect('letter' in typed({ letter: ' ' }).settings).toBe(false)
  })
  it('tells what cannot be right at its field', () => {
    expect(typed({ years: '', sender: ' ' }).errors).toEqual({ years: 'Years of warranty is missing.', sender: 'Sender is missing.' })
    expect(typed({ years: '60' }).errors.years).toBe('Write a whole number from 1 to 50.')
    expect(typed({ years: '2.5' }).errors.years).toBe('Write a whole number.')
    expect(typed({ rate: '-1' }).errors.rate).toBe('Write a number of at least 0.')
    expect(typed({ sender: 'AB' }).errors.sender).toBe('Write at least 3 characters.')
    expect(typed({ sender: 'LARKRISE ROOFING' }).errors.sender).toBe('Write at most 11 characters. It has 16.')
    expect(typed({ bundles: 'a\nb\nc' }).errors.bundles).toBe('Write at most 2 lines. There are 3.')
  })
  it('gives back what it was given', () => {
    const settings = { years: 3, rate: 0.5, sender: 'LARK', letter: 'Dear all', note: 'x', mail: 'a@b.example', form: 'unconditional', copies: 1, signers: false, bundles: ['a', 'b'] }
    expect(fromForm(fields, toForm(fields, settings))).toEqual({ settings, errors: {} })
  })
})

it('keeps the lines that say something', () => {
  expect(lines(' a \n\n b')).toEqual(['a', 'b'])
})

it('puts what the server says to its field, and the rest on top', () => {
  const flaws = [{ name: 'years', words: 'Too many.' }, { name: 'settings.sender', words: 'Too long.' }, { name: '', words: 'They do not fit.' }, { name: 'color', words: 'There is none.' }]
  expect(placed(flaws, fields)).toEqual({ years: 'Too many.', sender: 'Too long.', '': 'They do not fit. There is none.' })
})
