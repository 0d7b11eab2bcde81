import type { ServerState } from '../server-state.ts'
import type { LocalKey } from './auth.ts'
import type { ThrottleClass } from './throttles.ts'

/** Maximum size of a request body: 20 MiB, as in PostHog. */
export const MAX_BODY_BYTES: number = 20 * 1024 * 1024

/** A request as its handler sees it. */
export interface Call {
  /** The state of the called project. On routes outside projects, that of the current one. */
  readonly state: ServerState
  readonly request: Request
  /** The URL of the request. A path under `/api/environments/` is rewritten to `/api/projects/`. */
  readonly url: URL
  readonly params: Readonly<Record<string, string>>
  /** The parsed JSON body. Undefined when there is none. */
  readonly body: unknown
  readonly key: LocalKey
  /** Id of the project of `state`. In a copy to another project, the id of that project. */
  readonly project: number
}

/** The handler of one method of a route, and the access that it requires. */
export interface Action {
  readonly scope?: string
  readonly secretKeys?: boolean
  readonly handle: (call: Call) => Response | Promise<Response>
}

/** A path under `/api/` with its methods. `:name` in the path matches one segment. */
export interface Route {
  readonly path: string
  /** The rate limit bucket, or a function when the bucket depends on the request. */
  readonly throttle: ThrottleClass | ((call: Call) => ThrottleClass)
  /**
   * Whether the product accepts project secret keys. Its actions without `secretKeys` then respond 403 to them; other
   * products respond 401.
   */
  readonly acceptsSecretKeys?: boolean
  /** Whether keys limited to projects may call this route, which is outside projects. */
  readonly allowsScopedKeys?: boolean
  /** Whether the route needs no key. */
  readonly public?: boolean
  readonly methods: Readonly<Record<string, Action>>
}

/** The route of a path, with the values of its `:name` segments. */
export interface RouteMatch {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** Finds the first route for a path below `/api/`, with or without a trailing slash. */
export function matchRoute(routes: readonly Route[], path: string): RouteMatch | undefined {
  const segments = path.replace(/\/$/, '').split('/')
  for (const route of routes) {
    const pattern = route.path.split('/')
    if (pattern.length !== segments.length) continue
    const params: Record<string, string> = {}
    const matches = pattern.every((expected, index) => {
      const value = decodeSegment(segments[index] ?? '')
      if (value === undefined || value === '') return false
      if (!expected.startsWith(':')) return expected === value
      params[expected.slice(1)] = value
      return true
    })
    if (matches) return { route, params }
  }
  return undefined
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

/** A request to an ingestion route. It carries a project token in its body instead of a key. */
export interface IngestCall {
  /** The state of the current project. */
  readonly state: ServerState
  /** Opens the state of the project of a token. */
  readonly stateOf: (project: number) => Promise<ServerState>
  readonly request: Request
  readonly url: URL
}

/** A route outside `/api`. It reads its own body and writes its own errors. */
export interface IngestRoute {
  readonly method: string
  /** Path with a leading and a trailing slash. Requests may omit the trailing one. */
  readonly path: string
  readonly handle: (call: IngestCall) => Promise<Response>
}

/** Finds the ingestion route for a path. Undefined for pages of the web application. */
export function findIngestRoute(
  routes: readonly IngestRoute[],
  method: string,
  path: string,
): IngestRoute | undefined {
  return routes.find((route) => route.method === method && route.path === `${path.replace(/\/$/, '')}/`)
}
