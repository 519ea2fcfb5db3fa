// A document as it would be now: asked for, shown from memory, forgotten.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, take } from '@/api/client'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { DocumentSettings, GeneratedKind } from '@/api/types'

export interface Wanted {
  project: string
  kind: GeneratedKind
  /** Of a document that only a plugin makes: which one. */
  variant?: string
  milestone?: string
  settings?: DocumentSettings
}

/** The pages of any PDF that the server makes for a look. */
export function usePages() {
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

  async function open(load: () => Promise<unknown>): Promise<void> {
    const mine = ++run
    busy.value = true
    problem.value = null
    try {
      const pdf = await load()
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
  return { url, busy, problem, open, forget }
}

export function usePreview() {
  const { url, busy, problem, open, forget } = usePages()
  function show({ project, kind, variant, milestone, settings }: Wanted): Promise<void> {
    const body = { kind, ...(variant ? { variant } : {}), ...(milestone ? { milestone_id: milestone } : {}), ...(settings ? { settings } : {}) }
    return open(() => take(api.POST('/projects/{project}/document-previews', { params: { path: { project } }, body, parseAs: 'blob' })))
  }
  return { url, busy, problem, show, forget }
}
