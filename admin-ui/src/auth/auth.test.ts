// The code field's words, and where a sign-in may lead.
import { describe, expect, it, vi } from 'vitest'
import { codeWords, digits } from './code'

vi.mock('@nuxt/ui/vue-plugin', () => ({ default: {} }))
const { safeReturn } = await import('@/face')

describe('the code', () => {
  it('may have spaces', () => {
    expect(digits(' 407 182 ')).toBe('407182')
    expect(codeWords('407 182')).toBeNull()
  })
  it('is explained when it is not whole', () => {
    expect(codeWords('40718')).toBe('One number is missing. The code has six.')
    expect(codeWords('')).toBe('Type the six numbers from the mail.')
    expect(codeWords('1234567')).toContain('too long')
  })
})

it('after signing in, only a path of this face is followed', () => {
  expect(safeReturn('/projects/1?x=2')).toBe('/projects/1?x=2')
  for (const bad of ['//evil.example', 'https://evil.example', '/\\evil.example', '/sign-in?return=/x', undefined, ['/a']]) expect(safeReturn(bad)).toBe('/')
})
