import type { CallState, HttpRequest } from './call.ts'
import { type HttpResponse, textOf } from './http-response.ts'
import type { Send } from './middleware.ts'

/** Context of the fallback to `/api/environments/`. */
export interface Environments {
  /** Resources that a server has under `/api/environments/`, with its origin. */
  readonly found: Set<string>
  readonly origin: string
  readonly send: Send
}

/**
 * Falls back to `/api/environments/` for servers of 2024 and 2025, which have some resources only there. Sends a request
 * with an unknown route there once, even a write: a server does nothing for an unknown route. Stores the found resources,
 * by origin.
 *
 * @param response response of the route itself, if already sent
 */
export async function sendWithFallback(
  response: HttpResponse | undefined,
  request: HttpRequest,
  state: CallState,
  { found, origin, send }: Environments,
): Promise<HttpResponse> {
  const resource = `${origin} ${state.operation.split('/')[4]}`
  const fallback = { ...request, url: request.url.replace('/api/projects/', '/api/environments/') }
  if (found.has(resource)) return send(fallback, state)
  const first = response ?? (await send(request, state))
  if (state.call.underEnvironments !== true || !isUnknownRoute(first)) return first
  const second = await send(fallback, state)
  if (isUnknownRoute(second)) return first
  found.add(resource)
  return second
}

/** PostHog distinguishes an unknown route from an unknown object only by its detail. */
function isUnknownRoute({ status, bytes }: HttpResponse): boolean {
  return status === 404 && textOf({ bytes }).includes('Endpoint not found.')
}
