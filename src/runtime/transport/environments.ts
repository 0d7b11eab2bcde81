import type { CallState, HttpRequest } from './call.ts'
import { type HttpResponse, textOf } from './http-response.ts'
import type { Send } from './middleware.ts'

/** What is known of servers so far, and how to ask them. */
export interface Environments {
  /** Resources, by origin, that a server knows under `/api/environments/`. */
  readonly found: Set<string>
  readonly origin: string
  readonly send: Send
}

/**
 * For servers of 2024 and 2025, which know some resources under `/api/environments/` only. A route that such a server
 * does not know is asked for there once, also for a write: a server that does not know a route does nothing. What was
 * found there is remembered, by origin and resource.
 *
 * @param answer of the route itself, when that was asked for already
 */
export async function askEnvironments(
  answer: HttpResponse | undefined,
  outgoing: HttpRequest,
  run: CallState,
  { found, origin, send }: Environments,
): Promise<HttpResponse> {
  const place = `${origin} ${run.operation.split('/')[4]}`
  const twin = { ...outgoing, url: outgoing.url.replace('/api/projects/', '/api/environments/') }
  if (found.has(place)) return send(twin, run)
  const first = answer ?? (await send(outgoing, run))
  if (run.call.underEnvironments !== true || !isUnknownRoute(first)) return first
  const second = await send(twin, run)
  if (isUnknownRoute(second)) return first
  found.add(place)
  return second
}

/** PostHog tells an unknown route from an unknown object by its sentence alone. */
function isUnknownRoute({ status, bytes }: HttpResponse): boolean {
  return status === 404 && textOf({ bytes }).includes('Endpoint not found.')
}
