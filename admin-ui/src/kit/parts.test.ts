// The form and the table as people meet them.
import { flushPromises, mount } from '@vue/test-utils'
import ui from '@nuxt/ui/vue-plugin'
import { describe, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { ApiProblem } from '@/api/problem'
import DataTable from './DataTable.vue'
import ProblemNote from './ProblemNote.vue'
import ResourceForm from './ResourceForm.vue'

const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { template: '<div/>' } }] })
const global = { plugins: [router, ui] }

describe('ResourceForm', () => {
  it('shows an error at its field, keeps the values and moves the focus there', async () => {
    const form = mount(ResourceForm, {
      attachTo: document.body,
      global,
      props: {
        fields: [{ name: 'name', label: 'Name' }, { name: 'email', label: 'Mail address', kind: 'email' }], initial: { name: 'Ife', email: 'taken@example.com' }, submitLabel: 'Add',
        send: async () => { throw new ApiProblem({ fields: [{ field: 'email', code: 'taken', detail: 'Another customer already has this address.' }] }, 422) },
      },
    })
    await form.find('form').trigger('submit')
    await flushPromises()
    expect(form.text()).toContain('Another customer already has this address.')
    const field = form.find<HTMLInputElement>('[name="email"]').element
    expect(field.value).toBe('taken@example.com')
    expect(field.getAttribute('aria-invalid')).toBe('true')
    expect(document.activeElement).toBe(field)
    form.unmount()
  })
})

describe('DataTable', () => {
  const props = {
    label: 'Documents', items: [{ id: '1', see: 'internal' }, { id: '2', see: 'client' }], columns: [{ key: 'id', head: 'Document' }], rowKey: (row: { id: string }) => row.id, rowLabel: (row: { id: string }) => `Paper ${row.id}`,
    groupOf: (row: { see: string }) => ({ key: row.see, label: row.see }), groups: [{ key: 'client', label: 'Customer sees these' }, { key: 'internal', label: 'Only our team' }],
  }
  it('draws groups in the given order and opens a row', async () => {
    const table = mount(DataTable as never, { global, props } as never)
    expect(table.findAll('tr').map((row) => row.text())).toEqual(['Document', 'Customer sees these1', 'Paper 2', 'Only our team1', 'Paper 1'])
    await table.findAll('button.t')[0]?.trigger('click')
    expect(table.emitted('open')?.[0]).toEqual([{ id: '2', see: 'client' }])
  })
})

it('a problem carries its reference', () => {
  const note = mount(ProblemNote, { global, props: { problem: new ApiProblem({ reference: 'ref-7' }, 503) } })
  expect(note.text()).toContain('ref-7')
  expect(note.text()).toContain('not available right now')
})
