// A document as it would be now: asked for, shown from memory, forgotten.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, take } from '@/api/client'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { DocumentSettings, GeneratedKind } from '@/api/types'

export interface Wanted {
  project: string
  kind: GeneratedKind
  milestone?: string
  settings?: DocumentSettings
}

export function usePreview() {
  const url = ref('')
  const busy = ref(false)
  const problem = shallowRef<ApiProblem | null>(null)
  let run = 0

  function forget(): void {
    run += 1
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = ''
    busy.value = false
    problem.value = null
  }

  async function show({ project, kind, milestone, settings }: Wanted): Promise<void> {
    const mine = ++run
    busy.value = true
    problem.value = null
    try {
      const body = { kind, ...(milestone ? { milestone_id: milestone } : {}), ...(settings ? { settings } : {}) }
      const pdf = await take(api.POST('/projects/{project}/document-previews', { params: { path: { project } }, body, parseAs: 'blob' }))
      if (mine !== run) return
      if (url.value) URL.revokeObjectURL(url.value)
      url.value = URL.createObjectURL(new Blob([pdf as Blob], { type: 'application/pdf' }))
    } catch (cause) {
      if (mine === run) problem.value = asProblem(cause)
    } finally {
      if (mine === run) busy.value = false
    }
  }

  onScopeDispose(forget)
  return { url, busy, problem, show, forget }
}
