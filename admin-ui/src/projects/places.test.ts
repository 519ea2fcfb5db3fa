// Coordinates as people paste them.
import { describe, expect, it } from 'vitest'
import { coordinates, readCoordinates } from './places'

describe('coordinates', () => {
  it('are read from what maps give', () => {
    expect(readCoordinates('41.52, -74.02')).toEqual({ latitude: 41.52, longitude: -74.02 })
    expect(readCoordinates(' (41.52; -74.02) ')).toEqual({ latitude: 41.52, longitude: -74.02 })
    expect(readCoordinates('41.52° N, 74.02° W')).toEqual({ latitude: 41.52, longitude: -74.02 })
    expect(readCoordinates('33.9 S 151.2 E')).toEqual({ latitude: -33.9, longitude: 151.2 })
  })
  it('that are none are not', () => {
    for (const text of ['', 'Sampleton', '41.52', '91, 0', '0, 181', '1, 2, 3']) expect(readCoordinates(text)).toBeNull()
    expect(coordinates({ latitude: 41.503_449, longitude: -74 })).toBe('41.5034, -74')
  })
})
