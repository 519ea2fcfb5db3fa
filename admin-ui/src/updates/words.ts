// Updates by day, and the photos that hang on them.
import type { Photo, Update } from '@/api/types'

export interface UpdateDay {
  day: string
  updates: Update[]
}

/** The days that updates are about, the newest first; within a day the last one that was written. */
export function byDay(updates: readonly Update[]): UpdateDay[] {
  const days = new Map<string, Update[]>()
  for (const update of updates) days.set(update.day, [...(days.get(update.day) ?? []), update])
  return [...days].map(([day, list]) => ({ day, updates: list })).sort((a, b) => b.day.localeCompare(a.day))
}

/** Photos that can be looked at, by the update they hang on; the oldest first, as they were taken. */
export function photosOf(photos: readonly Photo[], update: string): Photo[] {
  return photos.filter((photo) => photo.update_id === update && photo.state === 'ready').reverse()
}

/** Empty lines part paragraphs. */
export function paragraphs(body: string): string[] {
  return body.split(/\n\s*\n/).map((part) => part.trim()).filter(Boolean)
}

/** Whether the words were changed after they were written; a photo's second does not count. */
export function wasChanged(update: Pick<Update, 'created_at' | 'updated_at'>): boolean {
  return Date.parse(update.updated_at) - Date.parse(update.created_at) > 60_000
}
