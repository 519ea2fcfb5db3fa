// What the people of a project's household see: read once for the panels beside lists and pages.
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { api, take } from '@/api/client'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { Document, Household, Project, ProjectDetails } from '@/api/types'
import { readable } from '@/documents/words'

export function useProjectView(project: Ref<Project | null>) {
  const household = shallowRef<Household | null>(null)
  const documents = shallowRef<Document[]>([])
  const details = shallowRef<ProjectDetails | null>(null)
  const more = ref(false)
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = ref(true)

  async function load(): Promise<void> {
    const now = project.value
    if (!now) return
    loading.value = true
    try {
      const [people, papers, told] = await Promise.all([
        take(api.GET('/households/{id}', { params: { path: { id: now.household.id } } })),
        take(api.GET('/projects/{project}/documents', { params: { path: { project: now.id }, query: { limit: 100 } } })),
        take(api.GET('/projects/{project}/details', { params: { path: { project: now.id } } })),
      ])
      household.value = people
      details.value = told
      documents.value = papers.items
      more.value = !!papers.next
      problem.value = null
    } catch (cause) {
      problem.value = asProblem(cause)
    } finally {
      loading.value = false
    }
  }
  watch(() => project.value?.id, () => void load(), { immediate: true })

  /** What is in the portal right now: client-visible and complete. */
  const seen = computed(() => documents.value.filter((document) => document.visibility === 'client' && readable(document) !== null))
  return { household, details, documents, more, seen, problem, loading, load }
}
