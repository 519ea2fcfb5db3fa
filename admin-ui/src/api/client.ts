// The one client of the server, typed by the generated schema.
import createClient from 'openapi-fetch'
import { problemOf } from './problem'
import type { paths } from './schema'

/** Where the interface lives on the same origin. */
export const API_BASE = '/api/v1'

export const api = createClient<paths>({ baseUrl: API_BASE, credentials: 'same-origin', headers: { accept: 'application/json' } })

let lost: () => void = () => {}

/** Says what happens when the server answers that nobody is signed in. */
export function onSessionLost(handler: () => void): void {
  lost = handler
}

/** Reports a 401 that was met outside of the client (uploads). */
export function sessionLost(): void {
  lost()
}

api.use({
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && !String(schemaPath).startsWith('/session')) lost()
  },
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The data of an answer; a problem is thrown. */
export async function take<T>(request: Promise<Answer<T>>): Promise<NonNullable<T>> {
  const { data, error, response } = await request
  if (!response.ok) throw problemOf(error, response)
  return data as NonNullable<T>
}
