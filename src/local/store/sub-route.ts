import type { ThrottleClass } from '../http/limits/throttles.ts'
import type { Call, Route } from '../http/route.ts'

/** A route with one method, such as an action on a record. */
export function subRoute(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  scope: string,
  handle: (call: Call) => Response | Promise<Response>,
  throttle: ThrottleClass = 'default',
): Route {
  return { path, throttle, methods: { [method]: { scope, handle } } }
}
