// A project's schedule: read, changed, and what went wrong meanwhile. Every change answers the whole schedule.
import { computed, ref, shallowRef } from 'vue'
import { api, take } from '@/api/client'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { Milestone, Schedule, WorkCalendar } from '@/api/types'
import type { Working } from '@/kit/days'

const EVERY_DAY: Working = { days: [true, true, true, true, true, false, false], exceptions: [] }

export type ScheduleState = ReturnType<typeof useSchedule>

export function useSchedule(project: string) {
  const schedule = shallowRef<Schedule | null>(null)
  const calendar = shallowRef<WorkCalendar | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  /** What failed of what somebody did; the schedule itself is shown. */
  const refused = shallowRef<ApiProblem | null>(null)
  const busy = ref(false)

  async function load(): Promise<void> {
    try {
      const [plan, days] = await Promise.all([
        take(api.GET('/projects/{project}/schedule', { params: { path: { project } } })),
        calendar.value ?? take(api.GET('/work-calendar')),
      ])
      schedule.value = plan
      calendar.value = days
      problem.value = null
    } catch (cause) {
      problem.value = asProblem(cause)
    }
  }

  /** Does one thing at a time; true when it is done. */
  async function act(work: () => Promise<Schedule>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    refused.value = null
    try {
      schedule.value = await work()
      return true
    } catch (cause) {
      refused.value = asProblem(cause)
      return false
    } finally {
      busy.value = false
    }
  }

  const byId = computed(() => new Map((schedule.value?.milestones ?? []).map((milestone) => [milestone.id, milestone])))
  const working = computed<Working>(() => calendar.value ?? EVERY_DAY)
  function put(next: Schedule): void {
    refused.value = null
    schedule.value = next
  }

  const path = (milestone: Milestone) => ({ params: { path: { milestone: milestone.id } } })
  return {
    schedule, calendar, problem, refused, busy, load, act, put, byId, working,
    start: (milestone: Milestone, day?: string) => act(() => take(api.PUT('/milestones/{milestone}/start', { ...path(milestone), body: { day } }))),
    complete: (milestone: Milestone, day?: string) => act(() => take(api.PUT('/milestones/{milestone}/completion', { ...path(milestone), body: { day } }))),
    reopen: (milestone: Milestone) => act(() => take(api.DELETE('/milestones/{milestone}/completion', path(milestone)))),
    place: (milestone: Milestone, position: number) => act(() => take(api.PATCH('/milestones/{milestone}', { ...path(milestone), body: { position } }))),
    removeMilestone: (milestone: Milestone) => take(api.DELETE('/milestones/{milestone}', path(milestone))).then(put),
    placePhase: (phase: string, position: number) => act(() => take(api.PATCH('/phases/{phase}', { params: { path: { phase } }, body: { position } }))),
    removePhase: (phase: string) => take(api.DELETE('/phases/{phase}', { params: { path: { phase } } })).then(put),
  }
}
