// What went wrong, in one shape: the server's problem+json, or the network's silence.
import type { Problem } from './types'

/** A request that did not succeed. `status` is 0 when the server could not be reached. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly reference: string
  readonly fields: { field: string; code: string; detail: string }[]
  readonly retryAfter: number | null

  constructor(problem: Partial<Problem>, status: number, retryAfter: number | null = null) {
    super(problem.detail || problem.title || 'The request failed')
    this.status = status
    this.code = problem.code ?? ''
    this.title = problem.title ?? ''
    this.detail = problem.detail ?? ''
    this.reference = problem.reference ?? ''
    this.fields = problem.fields ?? []
    this.retryAfter = retryAfter
  }

  /** What is said about one field, if anything. */
  of(field: string): string | undefined {
    return this.fields.find((entry) => entry.field === field)?.detail
  }
}

const EXPLAINED: Record<number, string> = {
  0: 'We could not reach the server. Check the connection and try again. What you entered is still here.',
  401: 'You are signed out. Sign in again to go on.',
  403: 'Your role does not allow this. An owner of the company can change your role.',
  404: 'This is not here, or it is no longer here.',
  409: 'Somebody changed this in the meantime. Load the page again to see it.',
  413: 'This file is larger than your plan allows.',
  429: 'That was a little too often. Wait a moment and try again.',
  503: 'A part of the service is not available right now. Try again in a minute.',
}

/** The sentence a person reads. The server's own words come first. */
export function explain(problem: ApiProblem): string {
  if (problem.detail) return problem.detail
  const words = EXPLAINED[problem.status]
  if (words) return words
  return problem.title || 'Something went wrong on our side. Nothing was lost. Please try again.'
}

/** Turns whatever was thrown into an ApiProblem. */
export function asProblem(cause: unknown): ApiProblem {
  if (cause instanceof ApiProblem) return cause
  if (cause instanceof TypeError) return new ApiProblem({}, 0)
  console.error(cause)
  return new ApiProblem({ title: 'Something went wrong in this page. Load it again.' }, -1)
}

/** Reads the problem of an answer that is not a success. */
export function problemOf(body: unknown, response: Response): ApiProblem {
  const seconds = Number(response.headers.get('retry-after'))
  const problem = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {}
  return new ApiProblem(problem, response.status, Number.isFinite(seconds) && seconds > 0 ? seconds : null)
}
