// A drawing while it is made: shapes, the chosen one, and the way back.
import { computed, ref, shallowRef } from 'vue'
import type { Shape, ShapeColor, ShapeKind } from '@/api/types'
import { inTheMiddle, isTiny, kept, MOST_SHAPES, movedBy, newShape, withPoint, type Point } from './markup'

export type Tool = 'select' | ShapeKind

export function useMarkup(start: readonly Shape[]) {
  const shapes = shallowRef<Shape[]>([...start])
  const at = ref(-1)
  const tool = ref<Tool>(start.length > 0 ? 'select' : 'arrow')
  const color = ref<ShapeColor>('red')
  const past = shallowRef<Shape[][]>([])
  const chosen = computed(() => shapes.value[at.value] ?? null)
  const full = computed(() => shapes.value.length >= MOST_SHAPES)
  const dirty = computed(() => JSON.stringify(kept(shapes.value)) !== JSON.stringify(kept(start)))
  /** The drawing as it was when the pointer went down. */
  let before: Shape[] | null = null

  function remember(): void {
    past.value = [...past.value, shapes.value].slice(-100)
  }
  function put(index: number, shape: Shape): void {
    shapes.value = shapes.value.map((old, n) => (n === index ? shape : old))
  }

  /** Begins a gesture; many small moves are one step back. */
  function begin(): void {
    before = shapes.value
  }
  function end(): void {
    const shape = chosen.value
    if (shape && isTiny(shape) && !before?.includes(shape)) {
      shapes.value = before ?? []
      at.value = -1
    } else if (before && before !== shapes.value) past.value = [...past.value, before].slice(-100)
    before = null
  }

  function draw(point: Point): void {
    if (tool.value === 'select' || full.value) return
    begin()
    shapes.value = [...shapes.value, newShape(tool.value, color.value, point)]
    at.value = shapes.value.length - 1
  }
  function place(): void {
    if (tool.value === 'select' || full.value) return
    remember()
    shapes.value = [...shapes.value, inTheMiddle(tool.value, color.value)]
    at.value = shapes.value.length - 1
  }
  function move(by: Point): void {
    if (chosen.value) put(at.value, movedBy(chosen.value, by))
  }
  function point(which: 1 | 2, to: Point): void {
    if (chosen.value) put(at.value, withPoint(chosen.value, which, to))
  }
  /** By keys: the shape, or with `which` only one of its points. */
  function nudge(by: Point, which?: 1 | 2): void {
    const shape = chosen.value
    if (!shape) return
    remember()
    if (which === 2) point(2, { x: shape.x2 + by.x, y: shape.y2 + by.y })
    else move(by)
  }
  function change(part: Partial<Pick<Shape, 'text' | 'color'>>): void {
    if (!chosen.value) return
    if (part.color) remember()
    put(at.value, { ...chosen.value, ...part })
  }
  function paint(next: ShapeColor): void {
    color.value = next
    change({ color: next })
  }
  function choose(index: number): void {
    at.value = index
    const shape = shapes.value[index]
    if (shape) color.value = shape.color
  }
  function remove(): void {
    if (!chosen.value) return
    remember()
    shapes.value = shapes.value.filter((_, n) => n !== at.value)
    at.value = Math.min(at.value, shapes.value.length - 1)
  }
  function clear(): void {
    remember()
    shapes.value = []
    at.value = -1
  }
  function undo(): void {
    const last = past.value[past.value.length - 1]
    if (!last) return
    past.value = past.value.slice(0, -1)
    shapes.value = last
    at.value = -1
  }

  return { shapes, at, tool, color, chosen, full, dirty, past, begin, end, draw, place, move, point, nudge, change, paint, choose, remove, clear, undo }
}
