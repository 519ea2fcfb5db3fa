// The words of documents that write themselves, and which of them want somebody's eye.
import { describe, expect, it } from 'vitest'
import type { GeneratedDocument } from '@/api/types'
import { SECTIONS } from './fields'
import { kindOf, occasion, standing, wanting } from './words'

const document = (state: GeneratedDocument['state'], change: Partial<GeneratedDocument> = {}): GeneratedDocument => ({
  id: state, project_id: 'p', kind: 'warranty', variant: '', number: 'W-2026-0001', title: 'Warranty (W-2026-0001)', verify_url: '/verify/x', state, reason: '', closed: false, generations: [], created_at: '2026-06-09T12:00:00Z', ...change,
})

describe('documents that write themselves', () => {
  it('shows what is under way and what failed, and nothing else', () => {
    const all = [document('ready'), document('queued'), document('rendering'), document('unchanged'), document('failed'), document('failed', { id: 'old', closed: true })]
    expect(wanting(all).map((one) => one.id)).toEqual(['queued', 'rendering', 'failed'])
  })
  it('tells waiting for another try from waiting for a turn', () => {
    expect(standing(document('queued')).words).toBe('Being made')
    expect(standing(document('queued', { reason: 'The store is away.' })).words).toBe('Waits for another try')
    expect(standing(document('failed')).tone).toBe('danger')
  })
  it('says why it was made, and by whom', () => {
    expect(occasion({ occasion: 'by_hand', asked_by: 'Dana' })).toBe('By hand, Dana')
    expect(occasion({ occasion: 'project_completed', asked_by: '' })).toBe('The project was completed')
  })
  it('is called as the plugin calls it, if only a plugin makes it', () => {
    expect(kindOf(document('ready'))).toBe('Warranty')
    expect(kindOf(document('ready', { kind: 'plugin', number: 'D-2026-0002', title: 'Lien waiver, progress payment (D-2026-0002)' }))).toBe('Lien waiver, progress payment')
    expect(kindOf(document('ready', { kind: 'plugin', number: 'D-1', title: '(D-1)' }))).toBe('Document of a plugin')
  })
  it('asks for each text once', () => {
    const names = SECTIONS.flatMap((section) => section.fields.map((field) => field.name))
    expect(new Set(names).size).toBe(names.length)
  })
})
