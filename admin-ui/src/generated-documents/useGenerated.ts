// The documents of a project that write themselves, kept up to date while somebody looks.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, take } from '@/api/client'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { GeneratedDocument } from '@/api/types'
import { useLive } from '@/kit/live'
import { wanting } from './words'

/** While something is being made the list is also read by the clock: a socket may be away. */
const AGAIN = 4_000

export function useGenerated(project: string) {
  const documents = shallowRef<GeneratedDocument[]>([])
  const problem = shallowRef<ApiProblem | null>(null)
  const retrying = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    clearTimeout(timer)
    try {
      const list = await take(api.GET('/projects/{project}/generated-documents', { params: { path: { project } } }))
      documents.value = list.items
      problem.value = null
    } catch (cause) {
      problem.value = asProblem(cause)
    }
    if (wanting(documents.value).some((one) => one.state !== 'failed')) timer = setTimeout(() => void load(), AGAIN)
  }
  onScopeDispose(() => clearTimeout(timer))

  async function retry(id: string): Promise<void> {
    if (retrying.value) return
    retrying.value = id
    try {
      await take(api.POST('/generated-documents/{generated}/retry', { params: { path: { generated: id } } }))
      await load()
    } catch (cause) {
      problem.value = asProblem(cause)
    } finally {
      retrying.value = ''
    }
  }

  void load()
  useLive({ project, topics: ['documents'], reload: load })
  return { documents, problem, retrying, load, retry }
}
