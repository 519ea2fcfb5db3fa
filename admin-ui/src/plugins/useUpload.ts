// A plugin's file on its way: sent with progress, then checked, translated and started by the server, which takes its time.
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { ApiProblem, asProblem } from '@/api/problem'
import type { PluginUpload } from '@/api/types'
import { sendPlugin } from '@/kit/upload'

/** After this long of checking somebody wonders whether it has stopped. */
const LONG = 5_000

export function useUpload(done: (upload: PluginUpload) => void) {
  const name = ref('')
  /** Null while nothing is sent; 1 while the server checks. */
  const share = ref<number | null>(null)
  const long = ref(false)
  const problem = shallowRef<ApiProblem | null>(null)
  let control: AbortController | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  function progress(now: number): void {
    if (now >= 1 && (share.value ?? 0) < 1) timer = setTimeout(() => (long.value = true), LONG)
    share.value = now
  }
  async function send(file: File): Promise<void> {
    if (share.value !== null) return
    name.value = file.name
    problem.value = null
    if (!file.name.toLowerCase().endsWith('.wasm')) {
      const words = `${file.name} is not a plugin. A plugin is one file whose name ends in .wasm.`
      problem.value = new ApiProblem({ code: 'not-wasm', detail: words }, 422)
      return
    }
    share.value = 0
    long.value = false
    control = new AbortController()
    try {
      done(await sendPlugin(file, { signal: control.signal, onProgress: progress }))
    } catch (cause) {
      if (!(cause instanceof DOMException && cause.name === 'AbortError')) problem.value = asProblem(cause)
    } finally {
      clearTimeout(timer)
      share.value = null
      control = null
    }
  }
  onScopeDispose(() => clearTimeout(timer))

  return { name, share, long, problem, checking: computed(() => share.value === 1), send, cancel: () => control?.abort() }
}
