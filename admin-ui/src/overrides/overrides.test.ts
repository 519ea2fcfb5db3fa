// How components and fields get into a text.
import { describe, expect, it } from 'vitest'
import { place, printed, where, withImport } from './words'

const ring = { name: 'ring', snippet: '{{ ring(project.ring) }}', import: '{% from "components/_ring.html" import ring %}', words: '' }

describe('texts of pages and mails', () => {
  it('imports a component once', () => {
    expect(withImport('<p>a</p>', ring)).toBe('{% from "components/_ring.html" import ring %}\n<p>a</p>')
    const there = '{% from "components/_ring.html" import dot, ring %}\n<p>a</p>'
    expect(withImport(there, ring)).toBe(there)
    expect(withImport('{% from "components/_ring.html" import string %}', ring)).toContain('import ring %}\n')
    expect(withImport('<p>a</p>', { ...ring, import: '' })).toBe('<p>a</p>')
  })
  it('prints a field as what it is', () => {
    expect(printed({ path: 'page.first_name', kind: 'text' })).toBe('{{ page.first_name }}')
    expect(printed({ path: 'page.only.steps[].name', kind: 'text' })).toBe('{{ step.name }}')
    expect(printed({ path: 'page.only.steps', kind: 'list of groups' })).toBe('{% for step in page.only.steps %}\n\n{% endfor %}')
    expect(printed({ path: 'page.day', kind: 'day, or none' })).toBe('{{ page.day|date(frame) }}')
    expect(printed({ path: 'page.several', kind: 'yes or no' })).toContain('{% if page.several %}')
  })
  it('says where a flaw is', () => {
    expect(place({ part: 'html', line: 3, column: 7, words: '', seen_with: undefined })).toBe('Line 3, column 7')
    expect(where('text', null)).toBe('Plain text')
    expect(where('html', 2)).toBe('HTML, line 2')
  })
})
