import { responseValidators } from '../../../../src/generated/response-validators.gen.ts'
import { type ClientOptions, createClient, type TypehogClient } from '../../../../src/index.ts'
import {
  type LocalPostHog,
  type LocalPostHogOptions,
  startLocalPostHog,
} from '../../../../src/local/local-posthog.ts'
import { type CallOptions, callerOf } from '../caller.ts'

/** The time of the clocks in these tests. */
export const NOW = '2026-11-20T10:00:00.000Z'

/** The token of the first project. */
export const TOKEN: string = `phc_local${'0'.repeat(36)}`

/** A local PostHog with a client that validates every response. */
export interface Account extends AsyncDisposable {
  readonly local: LocalPostHog
  readonly posthog: TypehogClient
  readonly call: ReturnType<typeof callerOf>
  /** Rows of a HogQL query. */
  readonly rows: (query: string) => Promise<unknown>
  /** Sends to a public route, without a key. */
  readonly send: (
    path: string,
    body: unknown,
    options?: CallOptions,
  ) => ReturnType<ReturnType<typeof callerOf>>
}

/** Starts a local PostHog without rate limits at `NOW`. */
export async function startData(
  setting: LocalPostHogOptions = {},
  options: ClientOptions = {},
): Promise<Account> {
  const local = await startLocalPostHog({
    events: 1_000,
    throttle: false,
    now: () => new Date(NOW),
    ...setting,
  })
  const posthog = createClient({
    apiKey: local.personalApiKey,
    projectId: local.projectId,
    host: 'http://local.test',
    fetch: (url, init) => local.handle(new Request(url, init)),
    logLevel: 'off',
    validate: 'throw',
    validators: responseValidators,
    retry: false,
    ...options,
  })
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
