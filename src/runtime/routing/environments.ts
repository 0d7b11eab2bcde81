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
    if (run.call.underEnvironments !== true) return send(outgoing, run)
    const [, , , , resource = ''] = run.operation.split('/')
    const place = `${origin} ${resource}`
    const twin = { ...outgoing, url: outgoing.url.replace('/api/projects/', '/api/environments/') }
    if (found.has(place)) return send(twin, run)
    const answer = await send(outgoing, run)
    if (!isUnknownRoute(answer)) return answer
    const second = await send(twin, run)
    if (isUnknownRoute(second)) return answer
    found.add(place)
    return second
  }
}

/** PostHog tells an unknown route from an unknown object by its sentence alone. */
function isUnknownRoute({ status, bytes }: Answer): boolean {
  return status === 404 && textOf({ bytes }).includes('Endpoint not found.')
}
