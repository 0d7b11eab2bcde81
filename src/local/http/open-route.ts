import type { ServerState } from '../server-state.ts'

/** A request of a route that asks for no key. */
export interface OpenCall {
  readonly world: ServerState
  readonly request: Request
  readonly url: URL
}

/** A route outside `/api`. It reads its body and writes its errors itself. */
export interface OpenRoute {
  readonly method: string
  /** With its slashes; the last one may be left out in a request. */
  readonly path: string
  readonly handle: (call: OpenCall) => Promise<Response>
}

/** The route for a path outside `/api`; undefined for the pages of the application. */
export function findOpenRoute(
  routes: readonly OpenRoute[],
  method: string,
  path: string,
): OpenRoute | undefined {
  return routes.find((route) => route.method === method && route.path === `${path.replace(/\/$/, '')}/`)
}
