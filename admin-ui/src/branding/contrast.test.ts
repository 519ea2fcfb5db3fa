// The numbers beside the colour samples.
import { expect, it } from 'vitest'
import { contrast, hexColor } from './contrast'

it('contrast is WCAG’s', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#ffffff', '#767676')).toBeCloseTo(4.54, 2)
  expect(contrast('#fff', '#1d5fa6')).toBeGreaterThan(4.5)
})
it('a colour is six digits', () => {
  expect(hexColor('1F5B3F')).toBe('#1f5b3f')
  expect(hexColor(' #1f5b3f ')).toBe('#1f5b3f')
  expect(hexColor('green')).toBeNull()
})
