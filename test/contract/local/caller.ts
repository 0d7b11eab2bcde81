import type { LocalPostHog } from '../../../src/local/local-posthog.ts'

/** A response with its parsed body. */
export interface CallerResponse {
  readonly status: number
  readonly headers: Headers
  // Each test asserts the shape that it expects.
  readonly body: Record<string, unknown>
  readonly text: string
}

export interface CallOptions {
  readonly body?: unknown
  /** `null` sends no key. */
  readonly key?: string | null
  readonly headers?: Record<string, string>
}

/** Calls a local PostHog without a socket, as `http://local.test`. */
export function callerOf(
  posthog: LocalPostHog,
): (method: string, path: string, options?: CallOptions) => Promise<CallerResponse> {
  return async (method, path, { body, key = posthog.personalApiKey, headers = {} } = {}) => {
    const response = await posthog.handle(
      new Request(`http://local.test${path}`, {
        method,
        headers: { ...headers, ...(key === null ? {} : { Authorization: `Bearer ${key}` }) },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    const parsed: unknown = isJson ? JSON.parse(text) : {}
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: parsed as Record<string, unknown>,
    }
  }
}

/** A HogQL query as a saved or sent query. */
export function hogql(query: string, more: object = {}): Record<string, unknown> {
  return { kind: 'HogQLQuery', query, ...more }
}
