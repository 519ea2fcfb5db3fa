// Templates in words.
import type { TemplatePlan } from '@/api/types'
import { count } from '@/kit/names'

/** "6 phases, 14 milestones, 3 draws, 8 photos" */
export function planWords(plan: TemplatePlan): string {
  const milestones = plan.phases.reduce((sum, phase) => sum + phase.milestones.length, 0)
  const parts = [count(plan.phases.length, 'phase'), count(milestones, 'milestone')]
  if (plan.draws.length) parts.push(count(plan.draws.length, 'draw'))
  if (plan.shots.length) parts.push(count(plan.shots.length, 'photo'))
  return parts.join(', ')
}
