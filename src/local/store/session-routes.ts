import { forbidden } from '../http/api-error.ts'
import type { Route } from '../http/route.ts'

/**
 * A route that PostHog opens to signed-in users only. It responds 403 to every key
 * (PostHog/posthog posthog/permissions.py).
 */
export function sessionOnlyRoute(method: 'GET' | 'POST' | 'PATCH', path: string): Route {
  return { path, throttle: 'default', methods: { [method]: { handle: rejectKeys } } }
}

/** @throws ApiError 403 */
export function rejectKeys(): never {
  throw forbidden('This action does not support personal API key access')
}
