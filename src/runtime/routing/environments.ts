import type { Answer } from '../transport/answer.ts'
import { textOf } from '../transport/decode.ts'
import type { Send } from '../transport/middleware.ts'

/**
 * A step for servers of 2024 and 2025, which know some resources under `/api/environments/` only. A route that such a
 * server does not know is asked for there once, also for a write: a server that does not know a route does nothing.
 * What was found there is remembered, by origin and resource.
 */
export function withEnvironments(found: Set<string>, origin: string, send: Send): Send {
  return async (outgoing, run) => {
    const known = found.size > 0 && found.has(placeOf(run.operation, origin))
    const answer = known ? undefined : await send(outgoing, run)
    if (answer !== undefined && (run.call.underEnvironments !== true || !isUnknownRoute(answer)))
      return answer
    const twin = { ...outgoing, url: outgoing.url.replace('/api/projects/', '/api/environments/') }
    const second = await send(twin, run)
    if (answer !== undefined && isUnknownRoute(second)) return answer
    found.add(placeOf(run.operation, origin))
    return second
  }
}

/** A resource of a server, such as `insights`. */
function placeOf(operation: string, origin: string): string {
  return `${origin} ${operation.split('/')[4]}`
}

/** PostHog tells an unknown route from an unknown object by its sentence alone. */
function isUnknownRoute({ status, bytes }: Answer): boolean {
  return status === 404 && textOf({ bytes }).includes('Endpoint not found.')
}
