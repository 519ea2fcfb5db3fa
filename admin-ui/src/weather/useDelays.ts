// Deciding about delays: one click each, and what went wrong.
import { ref, shallowRef } from 'vue'
import { api, take } from '@/api/client'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { WeatherDelay } from '@/api/types'
import { longDay } from '@/kit/days'
import { useNotice } from '@/kit/notice'

export type Decision = 'acceptance' | 'dismissal' | 'withdrawal'

export function useDelays(after: () => unknown) {
  const notice = useNotice()
  const busy = ref<string | null>(null)
  const refused = shallowRef<ApiProblem | null>(null)

  async function decide(delay: WeatherDelay, what: Decision): Promise<void> {
    if (busy.value) return
    busy.value = delay.id
    refused.value = null
    const options = { params: { path: { delay: delay.id } } }
    try {
      if (what === 'acceptance') {
        await take(api.POST('/weather-delays/{delay}/acceptance', options))
        notice(`${delay.milestone.name} moved to ${longDay(delay.to_start)}. The household is told.`)
      } else if (what === 'dismissal') {
        await take(api.POST('/weather-delays/{delay}/dismissal', options))
        notice(`${delay.milestone.name} stays on its days. Nobody is told.`)
      } else {
        await take(api.POST('/weather-delays/{delay}/withdrawal', options))
        notice(`${delay.milestone.name} is back on ${longDay(delay.from_start)}. Who was told of the delay is told so.`)
      }
    } catch (cause) {
      refused.value = asProblem(cause)
    } finally {
      busy.value = null
    }
    await after()
  }
  return { busy, refused, decide }
}
