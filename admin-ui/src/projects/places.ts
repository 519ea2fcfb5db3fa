// Places in words and numbers.
import type { Place } from '@/api/types'

export interface Coordinates {
  latitude: number
  longitude: number
}

/** "41.5034, -74.0104" */
export function coordinates(place: Coordinates): string {
  const short = (value: number) => String(Math.round(value * 10_000) / 10_000)
  return `${short(place.latitude)}, ${short(place.longitude)}`
}

/** Two numbers as people copy them from a map; null if they are no place on the earth. */
export function readCoordinates(text: string): Coordinates | null {
  const found = /^\s*\(?\s*(-?\d+(?:\.\d+)?)\s*°?\s*([NS])?\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*°?\s*([EW])?\s*\)?\s*$/i.exec(text)
  if (!found) return null
  const latitude = Number(found[1]) * (found[2]?.toUpperCase() === 'S' ? -1 : 1)
  const longitude = Number(found[3]) * (found[4]?.toUpperCase() === 'W' ? -1 : 1)
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null
}

export function placeName(place: Place): string {
  return [place.name, place.region, place.country].filter(Boolean).join(', ')
}
