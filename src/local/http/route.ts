import type { ServerState } from '../server-state.ts'
import type { LocalKey } from './auth/keys.ts'
import type { ThrottleClass } from './limits/throttles.ts'

/** What a handler knows about its request. */
export interface Call {
  readonly world: ServerState
  readonly request: Request
  /** The request's address, under `/api/projects/` even when it was asked under `/api/environments/`. */
  readonly url: URL
  readonly params: Readonly<Record<string, string>>
  /** The parsed JSON body; undefined when there is none. */
  readonly body: unknown
  readonly key: LocalKey
  /** Id of the project that is called; the current one on routes outside projects. */
  readonly project: number
}

/** What one method of a route does. */
export interface Action {
  readonly scope?: string
  readonly secretKeys?: boolean
  readonly handle: (call: Call) => Response | Promise<Response>
}

/** One path with its methods. `:name` in the path matches one segment. */
export interface Route {
  readonly path: string
  /** The bucket that calls count in. A function when it depends on what is asked. */
  readonly throttle: ThrottleClass | ((call: Call) => ThrottleClass)
  /** Product that knows project secret keys: there they get 403 on other actions, elsewhere 401. */
  readonly knowsSecretKeys?: boolean
  /** Routes about the caller, which keys restricted to projects may call. */
  readonly exemptFromProjects?: boolean
  /** Answered without a key. */
  readonly public?: boolean
  readonly methods: Readonly<Record<string, Action>>
}

/** A route that fits a path, with the values of its `:name` segments. */
export interface RouteMatch {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** Finds the first route for a path below `/api/`, with or without a slash at the end. */
export function matchRoute(routes: readonly Route[], path: string): RouteMatch | undefined {
  const asked = path.replace(/\/$/, '').split('/')
  for (const route of routes) {
    const wanted = route.path.split('/')
    if (wanted.length !== asked.length) continue
    const params: Record<string, string> = {}
    const fits = wanted.every((segment, index) => {
      const value = decodeSegment(asked[index] ?? '')
      if (value === undefined || value === '') return false
      if (!segment.startsWith(':')) return segment === value
      params[segment.slice(1)] = value
      return true
    })
    if (fits) return { route, params }
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
