// Errors at their field, nothing lost, one key for one submission.
import { describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '@/api/problem'
import { useForm, type Field, type Values } from './useForm'

const fields: Field[] = [{ name: 'name', label: 'Name', required: true }, { name: 'email', label: 'Mail address', required: 'We need an address.' }, { name: 'phone', label: 'Phone' }]
const form = (submit: (values: Values, key: string) => Promise<string>, initial: Values = { name: 'Ife', email: 'ife@example.com' }) => useForm({ fields: () => fields, initial, submit })
const refused = (entries: { field: string; code: string; detail: string }[]) => new ApiProblem({ detail: 'Look at the fields.', fields: entries, reference: 'r1' }, 422)

describe('useForm', () => {
  it('does not send what is missing, and says what is', async () => {
    const send = vi.fn(async () => 'x')
    const { submit, errors, firstError } = form(send, { name: ' ' })
    expect(await submit()).toBeUndefined()
    expect(send).not.toHaveBeenCalled()
    expect(errors.value).toEqual({ name: 'Name is missing.', email: 'We need an address.' })
    expect(firstError.value).toBe('name')
  })
  it('puts the server’s errors at their fields and keeps what was entered', async () => {
    const { submit, errors, problem, values } = form(async () => Promise.reject(refused([{ field: 'email', code: 'taken', detail: 'Already taken.' }])))
    values.phone = '555'
    await submit()
    expect(errors.value).toEqual({ email: 'Already taken.' })
    expect(problem.value).toBeNull()
    expect(values).toEqual({ name: 'Ife', email: 'ife@example.com', phone: '555' })
  })
  it('shows the whole problem when a field is not of this form', async () => {
    const { submit, problem } = form(async () => Promise.reject(refused([{ field: 'elsewhere', code: 'x', detail: 'No.' }])))
    await submit()
    expect(problem.value?.reference).toBe('r1')
  })
  it('keeps the key after a lost answer, and takes a new one for other content', async () => {
    const keys: string[] = []
    const { submit, values } = form(async (_, key) => {
      keys.push(key)
      throw new TypeError('network')
    })
    await submit()
    await submit()
    values.name = 'Tola'
    await submit()
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
  })
  it('takes a new key after success and after a refusal', async () => {
    const keys: string[] = []
    const answers: (() => string)[] = [() => { throw refused([]) }, () => 'one', () => 'two']
    const { submit } = form(async (_, key) => {
      keys.push(key)
      return (answers.shift() ?? (() => 'end'))()
    })
    await submit()
    expect(await submit()).toBe('one')
    await submit()
    expect(new Set(keys).size).toBe(3)
  })
  it('sends once while it is sending', async () => {
    let release = (_: string) => {}
    const send = vi.fn(() => new Promise<string>((resolve) => (release = resolve)))
    const { submit, busy } = form(send)
    const first = submit()
    await submit()
    expect(busy.value).toBe(true)
    release('done')
    expect(await first).toBe('done')
    expect(send).toHaveBeenCalledTimes(1)
  })
})
