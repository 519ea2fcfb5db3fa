// Which version asks and what an approval says; states, runs and refusals in words; figures at a glance.
import { describe, expect, it } from 'vitest'
import type { OperatorInstall, Plugin, PluginVersion, PluginWant } from '@/api/types'
import { approvalOf, mayDo, questionOf, ticked, todoOf, waitingOf } from './approval'
import { fuel, left, memory, partLeft, percent, took } from './format'
import { alarm, ended, eventWords, lastDay, messageHead, messageState, newestFailure, quota, refusalOf, rehearsed, startedBy } from './words'

const want = (kind: PluginWant['kind'], name = '', is_new = false): PluginWant => ({ kind, name, words: '', why: '', technical: '', is_new })
const version = (number: number, text: string, wants: PluginWant[] = []): PluginVersion => ({
  number, version: text, hash: 'aa', bytes: 1, wit: '0.1.0', checks: [], wants, never: [], in_use: false, stopped: '', uploaded_by: 'Dana', created_at: '2026-06-09T12:00:00Z',
})
const plugin = (change: Partial<Plugin> = {}): Plugin => ({
  id: 'p', name: 'texts', title: 'Text messages', description: '', author: '', world: 'notifier', state: 'off', reason: '', enabled: false, active: 1, versions: [version(1, '1.3.0')],
  settings_schema: {}, settings: {}, settings_flaws: [], secrets: [], events: [{ kind: 'milestone.completed', enabled: true, known: true }], documents: [],
  limits: { fuel: 1, memory: 1, cpu_seconds: 2, seconds: 10, http_calls: 20, output: 1 }, remembered: 0, max_remembered: 1, created_at: '2026-06-09T12:00:00Z', ...change,
})

describe('approving', () => {
  const newer = version(2, '1.4.0', [want('projects'), want('kv', '', true), want('http', 'a.example'), want('http', 'b.example', true), want('secret', 'token')])
  const approval = { projects: true, kv: false, http: [], secrets: ['token'] }

  it('asks about the newest version that is newer than the one in use', () => {
    expect(waitingOf(plugin())).toBeNull()
    expect(waitingOf(plugin({ versions: [newer, version(1, '1.3.0')] }))?.number).toBe(2)
    expect(waitingOf(plugin({ active: 2, versions: [newer, version(1, '1.3.0')] }))).toBeNull()
    expect(waitingOf(plugin({ active: undefined }))?.number).toBe(1)
  })
  it('ticks what is new and what was allowed, and leaves out what was refused before', () => {
    const before = version(1, '1.3.0', [want('projects'), want('http', 'a.example', true), want('secret', 'token')])
    expect([...ticked(newer, plugin({ approval, versions: [newer, before] }))]).toEqual(['projects', 'kv', 'http:b.example', 'secret:token'])
    expect([...ticked(before, plugin({ approval, versions: [newer, before] }))]).toEqual(['projects', 'secret:token'])
    const asks = version(1, '1.0.0', [want('projects', '', true), want('kv', '', true)])
    expect(ticked(asks, plugin({ active: undefined, approval: undefined, versions: [asks] })).size).toBe(2)
  })
  it('says only what is ticked', () => {
    expect(approvalOf(newer, new Set(['projects', 'http:b.example']))).toEqual({ number: 2, projects: true, kv: false, http: ['b.example'], secrets: [] })
  })
  it('lists what the version in use may do', () => {
    const now = plugin({ active: 2, versions: [newer], approval: { ...approval, http: ['a.example'] } })
    expect(mayDo(now).map((one) => one.name || one.kind)).toEqual(['projects', 'a.example', 'token'])
  })
  it('asks in words that fit', () => {
    const both = [newer, version(1, '1.3.0')]
    expect(questionOf(plugin({ versions: both }), newer)).toEqual({ title: 'Version 1.4.0 asks for 2 more permissions', text: 'Until you decide, 1.3.0 keeps running as before.', allow: 'Allow and use 1.4.0', stay: 'Stay on 1.3.0' })
    expect(questionOf(plugin({ versions: both }), version(3, '1.5.0')).title).toBe('Version 1.5.0 asks for nothing new')
    expect(questionOf(plugin({ active: 2, versions: both }), version(1, '1.3.0')).title).toBe('Go back to version 1.3.0?')
    expect(questionOf(plugin({ active: undefined }), version(1, '1.3.0', [want('kv', '', true)])).title).toBe('Text messages 1.3.0 asks for one permission')
    expect(questionOf(plugin(), version(1, '1.3.0')).allow).toBe('Save what it may do')
  })
  it('says what is left to do', () => {
    const secret = { name: 'token', title: 'Gateway token', hosts: [], why: '', approved: true, set_by: '' }
    const words = (change: Partial<Plugin>) => todoOf(plugin(change)).map((one) => one.words)
    expect(words({})).toEqual([])
    expect(words({ settings_flaws: [{ name: 'a', words: '' }], secrets: [secret, { ...secret, approved: false }, { ...secret, set_at: '2026-06-09T12:00:00Z' }], events: [{ kind: 'x.y', enabled: true, known: false }] })).toEqual([
      'Look at one of its settings', 'Fill in the secret “Gateway token”', 'Choose when it runs',
    ])
    expect(words({ active: undefined, events: [] })).toEqual([])
  })
})

describe('words', () => {
  const run = { ok: true, outcome: 'done', words: 'Finished.', headroom: 0.5 }
  it('says how a run ended, and how bad that is', () => {
    expect(ended(run)).toMatchObject({ words: 'Finished', tone: '' })
    expect(ended({ ...run, headroom: 0.1 })).toMatchObject({ words: 'Finished, little fuel left', tone: 'warning' })
    expect(ended({ ...run, ok: false, outcome: 'fuel' })).toMatchObject({ words: 'Stopped: out of fuel', tone: 'danger' })
    expect(ended({ ...run, ok: false, outcome: 'busy' }).tone).toBe('info')
    expect(ended({ ...run, ok: false, outcome: 'moonlight', words: 'Stopped by the moon.' }).words).toBe('Stopped by the moon.')
  })
  it('names events, and leaves those it does not know as they are', () => {
    expect(eventWords('milestone.completed')).toBe('A milestone was done')
    expect(eventWords('moon.risen')).toBe('moon.risen')
  })
  it('counts the last day', () => {
    expect(quota(120, 5000, 'runs in the last 24 hours')).toBe('120 of 5,000 runs in the last 24 hours')
    expect(lastDay({ runs: 0, failures: 0 })).toBe('No runs in 24 hours')
    expect(lastDay({ runs: 1, failures: 0 })).toBe('1 run in 24 hours')
    expect(lastDay({ runs: 9, failures: 2 })).toBe('9 runs, 2 failed')
  })
  it('says who started a run, and what became of messages', () => {
    expect(startedBy({ occasion: 'test', asked_by: 'Dana Whitlock' })).toBe('Dana, by hand')
    expect(startedBy({ occasion: 'event', asked_by: '' })).toBe('An event')
    expect(messageHead({ kind: 'mail', to: 'household' })).toBe('Mail to the household')
    expect(messageHead({ kind: 'webhook', to: 'api.textgateway.example' })).toBe('Request to api.textgateway.example')
    expect(messageHead({ kind: 'note', to: '' })).toBe('Note in the history')
    expect(messageState(undefined).words).toContain('Not sent')
  })
  it('tells a rehearsal that changed nothing from one that failed', () => {
    expect(rehearsed({ state: 'done', different: 0, failed: 0 }).tone).toBe('positive')
    expect(rehearsed({ state: 'done', different: 3, failed: 0 }).words).toBe('3 different')
    expect(rehearsed({ state: 'done', different: 3, failed: 1 }).tone).toBe('danger')
    expect(rehearsed({ state: 'running', different: 0, failed: 0 }).words).toBe('Under way')
  })
  it('keeps apart what the office reads and what the author needs', () => {
    expect(refusalOf('This file is machine code.\nmagic 7f454c46\nat byte 0')).toEqual({ words: 'This file is machine code.', author: 'magic 7f454c46\nat byte 0' })
    expect(refusalOf('Too large.')).toEqual({ words: 'Too large.', author: '' })
  })
})

describe('what an operator looks at first', () => {
  const install = (change: Partial<OperatorInstall> = {}): OperatorInstall => ({ tenant_id: 't', company: 'Larkrise', subdomain: 'larkrise', enabled: true, off_reason: '', runs: 9, failures: 0, last_failure: '', last_run_at: '2026-06-09T12:00:00Z', ...change })
  it('is red only where a company is without it', () => {
    expect(alarm({ installs: [install()] })).toBe('fine')
    expect(alarm({ installs: [install({ last_failure_at: '2026-06-01T12:00:00Z', failures: 40 })] })).toBe('fine')
    expect(alarm({ installs: [install(), install({ last_failure_at: '2026-06-09T12:00:00Z' })] })).toBe('last')
    expect(alarm({ installs: [install({ off_reason: 'Five failures in a row.' })] })).toBe('failing')
    expect(alarm({ installs: [install({ off_reason: 'x' })], stop: { reason: 'Bad', by: 'Robin', at: '2026-06-09T12:00:00Z' } })).toBe('stopped')
  })
  it('finds the newest failure', () => {
    expect(newestFailure({ installs: [install()] })).toBeNull()
    expect(newestFailure({ installs: [install({ last_failure_at: '2026-06-01T12:00:00Z' }), install({ company: 'Globex', last_failure_at: '2026-06-02T12:00:00Z' })] })?.company).toBe('Globex')
  })
})

describe('figures', () => {
  it('writes fuel and time short', () => {
    expect([0, 950, 850_000, 999_700, 5_912_345, 10_000_000, 123_456_789, 1_000_000_000].map(fuel)).toEqual(['0', '950', '850 K', '1 M', '5.9 M', '10 M', '123 M', '1 G'])
    expect([0, 20, 400, 212_000, 1_002_000, 1_900_000].map(took)).toEqual(['0 ms', '0.1 ms', '0.4 ms', '212 ms', '1,002 ms', '1.9 s'])
  })
  it('is never nothing or all while it is neither', () => {
    expect([0, 0.001, 0.5, 0.999, 1].map(percent)).toEqual(['0 %', '1 %', '50 %', '99 %', '100 %'])
    expect([0, 0.1, 0.2].map(left)).toEqual(['out', 'hot', ''])
    expect([partLeft(30, 100), partLeft(130, 100), partLeft(1, 0)]).toEqual([0.7, 0, 0])
  })
})

describe('memory', () => {
  it('is counted as its limits are', () => {
    expect([memory(900), memory(9280 * 1024), memory(64 * 1024 ** 2)]).toEqual(['900 bytes', '9.1 MiB', '64 MiB'])
  })
})
