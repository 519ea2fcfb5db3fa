// A text while it is written: what was saved, what is wrong with it, and what it comes to with the data of a project.
import { computed, ref, shallowRef, watch } from 'vue'
import { api, take } from '@/api/client'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { OverrideFlaw, OverrideShown, OverrideText, OverrideView } from '@/api/types'

/** How long after the last letter the text is looked at. */
const PAUSE = 600

export function useDraft(template: string) {
  const view = shallowRef<OverrideView | null>(null)
  const text = ref<OverrideText>({ html: '', subject: '', heading: '', text: '' })
  const project = ref('')
  const problem = shallowRef<ApiProblem | null>(null)
  const flaws = shallowRef<OverrideFlaw[]>([])
  const shown = shallowRef<OverrideShown | null>(null)
  /** Grows with every look that went well. */
  const run = ref(0)
  const dirty = computed(() => view.value !== null && JSON.stringify(text.value) !== JSON.stringify(view.value.text))

  function accept(next: OverrideView): void {
    view.value = next
    text.value = { ...next.text }
  }
  async function load(): Promise<void> {
    try {
      accept(await take(api.GET('/template-overrides/{template}', { params: { path: { template } } })))
      problem.value = null
    } catch (cause) {
      problem.value = asProblem(cause)
    }
  }

  let asked = 0
  async function look(): Promise<void> {
    if (!view.value) return
    const mine = ++asked
    const body = { text: { ...text.value }, project_id: project.value || undefined }
    try {
      const done = await take(api.POST('/template-overrides/{template}/preview', { params: { path: { template } }, body }))
      if (mine !== asked) return
      flaws.value = done.flaws
      shown.value = done.flaws.length ? null : (done.shown ?? null)
      if (shown.value) run.value += 1
      problem.value = null
    } catch (cause) {
      if (mine === asked) problem.value = asProblem(cause)
    }
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(text, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void look(), PAUSE)
  }, { deep: true })
  watch(project, () => void look())

  return { view, text, project, problem, flaws, shown, run, dirty, accept, load, look }
}
