// Drawing over a photo: where shapes lie, how they move, the way back.
import { describe, expect, it } from 'vitest'
import type { Shape } from '@/api/types'
import { arrowOf, boxOf, describe as words, frameOf, isTiny, kept, linesOf, movedBy, newShape, placeOf, withPoint, wordsAt } from './markup'
import { useMarkup } from './useMarkup'

const shape = (part: Partial<Shape> = {}): Shape => ({ kind: 'arrow', color: 'red', x1: 0.2, y1: 0.8, x2: 0.6, y2: 0.4, text: '', ...part })
const frame = { w: 1000, h: 750 }

describe('places', () => {
  it('are parts of the photo and never outside of it', () => {
    const box = { left: 100, top: 50, width: 400, height: 300 }
    expect(placeOf({ x: 300, y: 200 }, box)).toEqual({ x: 0.5, y: 0.5 })
    expect(placeOf({ x: 0, y: 900 }, box)).toEqual({ x: 0, y: 1 })
  })
  it('have the same units on every photo, upright or not', () => {
    expect([frameOf(4032, 3024), frameOf(3024, 4032), frameOf(0, 0)]).toEqual([{ w: 1000, h: 750 }, { w: 750, h: 1000 }, { w: 1000, h: 1000 }])
  })
  it('move together and stop at the edge', () => {
    expect(movedBy(shape(), { x: 0.9, y: 0.1 })).toMatchObject({ x1: 0.6, x2: 1, y1: 0.9, y2: 0.5 })
    expect(movedBy(shape(), { x: -0.5, y: -0.9 })).toMatchObject({ x1: 0, x2: 0.4, y1: 0.4, y2: 0 })
  })
  it('of words are one place', () => expect(withPoint(shape({ kind: 'text' }), 2, { x: 2, y: 0.5 })).toMatchObject({ x1: 1, y1: 0.5, x2: 1, y2: 0.5 }))
})

describe('shapes', () => {
  it('lie between two corners in any direction', () => expect(boxOf(shape({ kind: 'rectangle', x1: 0.75, x2: 0.25 }), frame)).toEqual({ x: 250, y: 300, width: 500, height: 300 }))
  it('of an arrow end in a head at the tip', () => {
    const { line, head } = arrowOf(shape({ x1: 0, y1: 0, x2: 1, y2: 0 }), frame)
    expect([line[1], head[0]]).toEqual([{ x: 966, y: 0 }, { x: 1000, y: 0 }])
    expect(head[1]?.y).toBe(-(head[2]?.y ?? 0))
    expect(arrowOf(shape({ x2: 0.2, y2: 0.8 }), frame).head.every((point) => Number.isFinite(point.x))).toBe(true)
  })
  it('that nobody can see are no shapes', () => {
    expect([isTiny(newShape('line', 'red', { x: 0.5, y: 0.5 })), isTiny(newShape('text', 'red', { x: 0.5, y: 0.5 })), isTiny(shape())]).toEqual([true, false, false])
  })
  it('carry words in lines that stay on the photo', () => {
    const note = shape({ kind: 'text', x1: 0.7, x2: 0.7, text: 'This whole board is soft and goes' })
    expect(linesOf(note, frame)).toEqual(['This whole', 'board is soft', 'and goes'])
    expect([linesOf(shape({ kind: 'text' }), frame), linesOf(shape(), frame)]).toEqual([['Words'], []])
    expect(wordsAt(shape({ text: 'x' }), frame)).toEqual({ x: 200, y: 640, anchor: 'end' })
  })
  it('are sent without empty notes, and said aloud', () => {
    expect(kept([shape({ text: '  leak \n here ' }), shape({ kind: 'text', text: ' ' })])).toEqual([shape({ text: 'leak here' })])
    expect([words(shape()), words(shape({ kind: 'circle', color: 'yellow', text: 'soft' }))]).toEqual(['Red arrow', 'Yellow ellipse: soft'])
  })
})

describe('drawing', () => {
  it('is one step back, however many moves it took', () => {
    const drawing = useMarkup([])
    drawing.draw({ x: 0.1, y: 0.1 })
    for (const x of [0.2, 0.3, 0.4]) drawing.point(2, { x, y: 0.4 })
    drawing.end()
    expect([drawing.shapes.value.length, drawing.past.value.length, drawing.dirty.value]).toEqual([1, 1, true])
    drawing.undo()
    expect([drawing.shapes.value.length, drawing.dirty.value]).toEqual([0, false])
  })
  it('forgets a click that drew nothing', () => {
    const drawing = useMarkup([shape()])
    drawing.tool.value = 'line'
    drawing.draw({ x: 0.5, y: 0.5 })
    drawing.end()
    expect([drawing.shapes.value.length, drawing.past.value.length, drawing.chosen.value]).toEqual([1, 0, null])
  })
  it('moves, paints and deletes what is chosen, by keys', () => {
    const drawing = useMarkup([shape(), shape({ kind: 'line' })])
    drawing.choose(1)
    drawing.nudge({ x: 0.01, y: 0 })
    drawing.nudge({ x: 0, y: 0.1 }, 2)
    drawing.paint('white')
    expect(drawing.chosen.value).toMatchObject({ x1: 0.21, x2: 0.61, y2: 0.5, color: 'white' })
    drawing.remove()
    expect(drawing.shapes.value).toHaveLength(1)
    for (let n = 0; n < 9; n += 1) drawing.undo()
    expect(drawing.dirty.value).toBe(false)
  })
  it('stops at fifty', () => {
    const drawing = useMarkup(Array.from({ length: 50 }, () => shape()))
    drawing.tool.value = 'line'
    drawing.place()
    expect([drawing.full.value, drawing.shapes.value.length]).toEqual([true, 50])
  })
})
