// Shapes over a photo: where they lie, how they are drawn, moved and taken back. Places are parts of the photo, 0 to 1.
import type { Shape, ShapeColor, ShapeKind } from '@/api/types'

export interface Point {
  x: number
  y: number
}

/** The most shapes that the server takes. */
export const MOST_SHAPES = 50
/** The longest side of the drawing's own units. */
const LONG = 1000
/** The letters' height in these units. */
export const LETTER = 40
const HEAD = 34

export const KIND_WORDS: Record<ShapeKind, string> = { arrow: 'Arrow', line: 'Line', rectangle: 'Rectangle', circle: 'Ellipse', text: 'Words' }
export const KIND_ICONS: Record<ShapeKind, string> = {
  arrow: 'i-lucide-move-up-right', line: 'i-lucide-slash', rectangle: 'i-lucide-square', circle: 'i-lucide-circle', text: 'i-lucide-type',
}
export const COLOR_WORDS: Record<ShapeColor, string> = { red: 'Red', yellow: 'Yellow', white: 'White', black: 'Black' }

/** The drawing's own units for a photo of this size: the same strokes on every photo. */
export function frameOf(width: number, height: number): { w: number; h: number } {
  const scale = LONG / Math.max(width, height, 1)
  return { w: Math.round(width * scale) || LONG, h: Math.round(height * scale) || LONG }
}

const clamp = (value: number, low = 0, high = 1): number => Math.min(high, Math.max(low, value))
const round = (value: number): number => Math.round(value * 10_000) / 10_000

/** Where on the photo a pointer is, never outside. */
export function placeOf(client: Point, box: { left: number; top: number; width: number; height: number }): Point {
  return { x: round(clamp((client.x - box.left) / (box.width || 1))), y: round(clamp((client.y - box.top) / (box.height || 1))) }
}

export function newShape(kind: ShapeKind, color: ShapeColor, at: Point): Shape {
  return { kind, color, x1: at.x, y1: at.y, x2: at.x, y2: at.y, text: '' }
}

/** A shape in the middle, for those who do not draw with a pointer. */
export function inTheMiddle(kind: ShapeKind, color: ShapeColor): Shape {
  if (kind === 'text') return newShape(kind, color, { x: 0.4, y: 0.5 })
  return { ...newShape(kind, color, { x: 0.35, y: 0.6 }), x2: 0.6, y2: 0.4 }
}

/** A click without a drag: nothing that can be seen. Words need no second point. */
export function isTiny(shape: Shape): boolean {
  return shape.kind !== 'text' && Math.hypot(shape.x2 - shape.x1, shape.y2 - shape.y1) < 0.015
}

/** The whole shape by a step, kept on the photo. */
export function movedBy(shape: Shape, by: Point): Shape {
  const [left, right] = [Math.min(shape.x1, shape.x2), Math.max(shape.x1, shape.x2)]
  const [top, bottom] = [Math.min(shape.y1, shape.y2), Math.max(shape.y1, shape.y2)]
  const x = clamp(by.x, -left, 1 - right)
  const y = clamp(by.y, -top, 1 - bottom)
  return { ...shape, x1: round(shape.x1 + x), x2: round(shape.x2 + x), y1: round(shape.y1 + y), y2: round(shape.y2 + y) }
}

/** One of the two points elsewhere. Words have one place. */
export function withPoint(shape: Shape, end: 1 | 2, to: Point): Shape {
  const at = { x: round(clamp(to.x)), y: round(clamp(to.y)) }
  if (shape.kind === 'text') return { ...shape, x1: at.x, y1: at.y, x2: at.x, y2: at.y }
  return end === 1 ? { ...shape, x1: at.x, y1: at.y } : { ...shape, x2: at.x, y2: at.y }
}

/** Left, top, width and height between two corners. */
export function boxOf(shape: Shape, frame: { w: number; h: number }) {
  return {
    x: Math.min(shape.x1, shape.x2) * frame.w, y: Math.min(shape.y1, shape.y2) * frame.h,
    width: Math.abs(shape.x2 - shape.x1) * frame.w, height: Math.abs(shape.y2 - shape.y1) * frame.h,
  }
}

/** The arrow's line up to its head, and the head's three corners. */
export function arrowOf(shape: Shape, frame: { w: number; h: number }): { line: [Point, Point]; head: [Point, Point, Point] } {
  const from = { x: shape.x1 * frame.w, y: shape.y1 * frame.h }
  const tip = { x: shape.x2 * frame.w, y: shape.y2 * frame.h }
  const length = Math.hypot(tip.x - from.x, tip.y - from.y) || 1
  const along = { x: (tip.x - from.x) / length, y: (tip.y - from.y) / length }
  const size = Math.min(HEAD, length)
  const base = { x: tip.x - along.x * size, y: tip.y - along.y * size }
  const side = { x: -along.y * size * 0.5, y: along.x * size * 0.5 }
  return { line: [from, base], head: [tip, { x: base.x + side.x, y: base.y + side.y }, { x: base.x - side.x, y: base.y - side.y }] }
}

/** Where a shape's words begin: at the tail of an arrow, above a box. */
export function wordsAt(shape: Shape, frame: { w: number; h: number }): Point & { anchor: 'start' | 'middle' | 'end' } {
  if (shape.kind === 'text') return { x: shape.x1 * frame.w, y: shape.y1 * frame.h, anchor: 'start' }
  if (shape.kind === 'rectangle' || shape.kind === 'circle') {
    const box = boxOf(shape, frame)
    return { x: box.x + box.width / 2, y: Math.max(LETTER, box.y - 14), anchor: 'middle' }
  }
  const below = shape.y1 >= shape.y2
  return { x: shape.x1 * frame.w, y: shape.y1 * frame.h + (below ? LETTER : -12), anchor: shape.x1 > shape.x2 ? 'start' : shape.x1 < shape.x2 ? 'end' : 'middle' }
}

/** A shape's words in lines that stay on the photo. An empty note shows where its words will be. */
export function linesOf(shape: Shape, frame: { w: number; h: number }): string[] {
  if (shape.text === '') return shape.kind === 'text' ? ['Words'] : []
  const at = wordsAt(shape, frame)
  const room = at.anchor === 'start' ? frame.w - at.x : at.anchor === 'end' ? at.x : 2 * Math.min(at.x, frame.w - at.x)
  const most = Math.max(8, Math.floor(room / (LETTER * 0.52)))
  const lines: string[] = []
  for (const word of shape.text.split(/\s+/)) {
    const line = lines[lines.length - 1]
    if (line !== undefined && line.length + 1 + word.length <= most) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** For people who do not see it: "Red arrow: leak here". */
export function describe(shape: Shape): string {
  const what = `${COLOR_WORDS[shape.color]} ${KIND_WORDS[shape.kind].toLowerCase()}`
  return shape.text ? `${what}: ${shape.text}` : what
}

/** What is sent: words without words are left out. */
export function kept(shapes: readonly Shape[]): Shape[] {
  return shapes.map((shape) => ({ ...shape, text: shape.text.trim().replace(/\s+/g, ' ') })).filter((shape) => shape.kind !== 'text' || shape.text !== '')
}
