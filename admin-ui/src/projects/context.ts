// What the tabs of a project share: the project itself, and what its household sees.
import { inject, provide, type InjectionKey, type Ref } from 'vue'
import type { Project } from '@/api/types'
import type { useProjectView } from './useProjectView'

export interface ProjectContext {
  project: Readonly<Ref<Project>>
  view: ReturnType<typeof useProjectView>
  /** Reads the project and what is seen of it again. */
  reload: () => Promise<void>
  /** Opens the form about what customers read and where the project lies. */
  describe: () => void
}

const KEY: InjectionKey<ProjectContext> = Symbol('project')

export function provideProject(context: ProjectContext): ProjectContext {
  provide(KEY, context)
  return context
}

/** The project whose tab this is. A tab is only drawn once it has been read. */
export function useProject(): ProjectContext {
  const context = inject(KEY)
  if (!context) throw new Error('a tab outside of a project')
  return context
}
