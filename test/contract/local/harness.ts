import { responseValidators } from '../../../src/generated/response-validators.gen.ts'
import type { ClientOptions, TypehogClient } from '../../../src/index.ts'
import { APIError } from '../../../src/runtime/errors/api-errors.ts'
import type { LocalPostHog, LocalPostHogOptions } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

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

/** Returns a HogQL query in the form that PostHog accepts. */
export function hogql(query: string, more: object = {}): Record<string, unknown> {
  return { kind: 'HogQLQuery', query, ...more }
}

/** The time of the local PostHog in `startAccount`. */
export const NOW = '2026-11-20T10:00:00.000Z'

/** The token of the first project. */
export const TOKEN: string = `phc_local${'0'.repeat(36)}`

/** A local PostHog with a client that validates every response. */
export interface Account extends AsyncDisposable {
  readonly local: LocalPostHog
  readonly posthog: TypehogClient
  readonly call: ReturnType<typeof callerOf>
  /** Returns the rows of a HogQL query. */
  readonly rows: (query: string) => Promise<unknown>
  /** Sends a POST to a public route, without a key. */
  readonly send: (
    path: string,
    body: unknown,
    options?: CallOptions,
  ) => ReturnType<ReturnType<typeof callerOf>>
}

/** Starts a local PostHog without rate limits at `NOW`. */
export async function startAccount(
  setting: LocalPostHogOptions = {},
  options: ClientOptions = {},
): Promise<Account> {
  const { local, posthog } = await startLocalClient(
    { events: 1_000, now: () => new Date(NOW), ...setting },
    { validate: 'throw', validators: responseValidators, retry: false, ...options },
  )
  const call = callerOf(local)
  return {
    local,
    posthog,
    call,
    rows: async (query) => {
      const { body } = await call('POST', '/api/projects/1/query/', {
        body: { query: { kind: 'HogQLQuery', query } },
      })
      return body['results']
    },
    send: (path, body, more = {}) => call('POST', path, { body, key: null, ...more }),
    [Symbol.asyncDispose]: () => local.close(),
  }
}

// Each test knows the fields that it expects. A wrong field fails its assertion.
// biome-ignore lint/suspicious/noExplicitAny: the validators check every response
export type Answer = any

/** Runs a query of any kind through the client. */
export function runQuery({ posthog }: Account, query: object): Promise<Answer> {
  // The tests build queries from parts; the local PostHog checks them.
  return posthog.query.run(query as never) as Promise<Answer>
}

export interface Sent {
  readonly path?: Record<string, string | number>
  readonly query?: Record<string, unknown>
  readonly body?: unknown
}

/** Calls an operation, such as `GET P/insights/`, with `P` for the project and `O` for the organization. */
export type Send = (operation: string, sent?: Sent) => Promise<Answer>

export const ORGANIZATION = '018d2a6e-0000-7000-8000-000000000002'

/** Starts a local PostHog, and calls it through a client that validates every response. */
export async function startSender(
  setting: LocalPostHogOptions = {},
  options: ClientOptions = {},
): Promise<{ readonly local: LocalPostHog; readonly send: Send }> {
  const { local, posthog } = await startLocalClient(
    { events: 600, ...setting },
    { validate: 'throw', validators: responseValidators, retry: false, limits: false, ...options },
  )
  const request = posthog.request as unknown as (operation: string, sent: object) => Promise<Answer>
  return {
    local,
    send: (operation, { path = {}, ...sent } = {}) => {
      const [method, short = ''] = operation.split(' ')
      const template = short
        .replace(/^P\//, '/api/projects/{project_id}/')
        .replace(/^O\//, '/api/organizations/{organization_id}/')
      return request(`${method} ${template}`, {
        path: short.startsWith('O/') ? { organization_id: ORGANIZATION, ...path } : path,
        ...sent,
      })
    },
  }
}

/** Awaits a call that fails, and returns the status, code, attr and detail of its error. */
export async function refusal(call: Promise<unknown>): Promise<object> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof APIError)) throw error
    const { status, code, attr, detail } = error
    return { status, code, attr, detail }
  }
  throw new Error('The call did not fail')
}
