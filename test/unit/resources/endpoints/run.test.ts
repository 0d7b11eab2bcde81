import { describe, expect, it } from 'vitest'
import type { TypehogClient } from '../../../../src/client/create-client.ts'
import type { RunOptions } from '../../../../src/resources/endpoints/run-options.ts'
import type { ClientOptions } from '../../../../src/runtime/config/options.ts'
import type { Endpoint } from '../../../../src/shared/endpoint.ts'
import { clientOf, json, type RecordedRequest, scriptedServer } from '../../fake-server.ts'

interface Exchange {
  readonly posthog: TypehogClient
  readonly requests: readonly RecordedRequest[]
  readonly warnings: string[]
}

/** A client whose every call gets the same response. */
function exchange(response: unknown, options: ClientOptions = {}): Exchange {
  const server = scriptedServer(() => json(response, 200, { 'x-request-id': 'req-1' }))
  const warnings: string[] = []
  const logger = { debug() {}, info() {}, error() {}, warn: (message: string) => warnings.push(message) }
  return { posthog: clientOf(server, { logger, ...options }), requests: server.requests, warnings }
}

const traffic: Endpoint = {
  name: 'traffic',
  version: 3,
  kind: 'HogQLQuery',
  materialized: false,
  columns: [
    { name: 'path', type: 'string' },
    { name: 'views', type: 'integer' },
  ],
}
const unpinned: Endpoint = { name: 'traffic', kind: 'HogQLQuery', materialized: false, columns: [] }
const responseAt = (endpoint_version?: number): object => ({
  results: [['/', 1]],
  columns: ['path', 'views'],
  ...(endpoint_version === undefined ? {} : { endpoint_version }),
})

describe('the body of a run', () => {
  it.each<[string, Endpoint, Record<string, unknown> | undefined, RunOptions | undefined, object]>([
    ['only the pinned version', traffic, undefined, undefined, { version: 3 }],
    ['no fields without a pinned version', unpinned, undefined, undefined, {}],
    ['empty variables unchanged', unpinned, {}, undefined, { variables: {} }],
    [
      'variables, including null',
      traffic,
      { a: null, b: 1 },
      {},
      { variables: { a: null, b: 1 }, version: 3 },
    ],
    ['another version for this run', traffic, undefined, { version: 2 }, { version: 2 }],
    [
      'every option with its API name',
      traffic,
      { country: 'DE' },
      { refresh: 'force', limit: 10, offset: 20, debug: true, clientQueryId: 'q-1' },
      {
        variables: { country: 'DE' },
        refresh: 'force',
        limit: 10,
        offset: 20,
        debug: true,
        version: 3,
        client_query_id: 'q-1',
      },
    ],
    [
      'no call options',
      unpinned,
      undefined,
      {
        timeout: 5_000,
        totalTimeout: 9_000,
        maxAttempts: 1,
        headers: { 'x-a': '1' },
        onVersionDrift: 'warn',
      },
      {},
    ],
    [
      'zero and false as values',
      unpinned,
      undefined,
      { limit: 1, offset: 0, debug: false },
      { limit: 1, offset: 0, debug: false },
    ],
  ])('has %s', async (_, endpoint, variables, options, body) => {
    const { posthog, requests } = exchange(responseAt(options?.version ?? endpoint.version))
    await posthog.endpoints.run(endpoint, variables, options)
    expect(requests.map(({ text }) => JSON.parse(text))).toEqual([body])
    expect(requests.map(({ path }) => path)).toEqual(['/endpoints/traffic/run/'])
  })

  it('is sent to the endpoint, whatever characters its name has', async () => {
    const { posthog, requests } = exchange(responseAt())
    await posthog.endpoints.run({ ...unpinned, name: 'a/../b?c' })
    expect(requests.map(({ path }) => path)).toEqual(['/endpoints/a%2F..%2Fb%3Fc/run/'])
  })
})

describe('invalid arguments of a run', () => {
  const invalid: readonly [args: readonly unknown[], message: string][] = [
    [[''], 'The endpoint of `endpoints.run` is ""'],
    [[7], 'The endpoint of `endpoints.run` is 7'],
    [[undefined], 'The endpoint of `endpoints.run` is undefined'],
    [[{ ...traffic, name: '' }], 'The endpoint of `endpoints.run` is an object'],
    [[{ name: 'traffic' }], 'expected the name of an endpoint, or an endpoint with `name` and `columns`'],
    [[traffic, 'country'], '`variables` is "country"'],
    [[traffic, { a: 1n }], '`variables.a` is 1n'],
    [[traffic, { a: undefined }], '`variables.a` is undefined'],
    [[traffic, { a: [Number.NaN] }], '`variables.a.0` is NaN'],
    [[traffic, {}, { limit: 0 }], 'The option `limit` of `endpoints.run` is 0'],
    [[traffic, {}, { limit: 1.5 }], 'The option `limit` of `endpoints.run` is 1.5'],
    [[traffic, {}, { limit: '5' }], 'The option `limit` of `endpoints.run` is "5"'],
    [[traffic, {}, { offset: 5 }], '`offset` requires `limit`'],
    [[traffic, {}, { limit: 5, offset: -1 }], 'The option `offset` of `endpoints.run` is -1'],
    [[traffic, {}, { refresh: 'blocking' }], '`refresh` of `endpoints.run` is "blocking"'],
    [[traffic, {}, { version: 0 }], 'The option `version` of `endpoints.run` is 0'],
    [[traffic, {}, { debug: 'yes' }], 'The option `debug` of `endpoints.run` is "yes"'],
    [[traffic, {}, { onVersionDrift: 'stop' }], '`onVersionDrift` of `endpoints.run` is "stop"'],
    [[traffic, {}, { int64: 'BigInt' }], '`int64` of `endpoints.run` is "BigInt"'],
    [[traffic, {}, { ttl: -1 }], 'The option `ttl` of `endpoints.run` is -1'],
    [[traffic, {}, { staleIfThrottled: 5 }], '`staleIfThrottled` of `endpoints.run` requires `ttl`'],
    [[traffic, {}, { limits: 5 }], '`endpoints.run` has no option `limits`'],
    [[traffic, {}, 5], 'The options of `endpoints.run` is 5'],
  ]
  it.each(invalid)('are rejected before anything is sent: %o', async (args, message) => {
    const { posthog, requests } = exchange(responseAt(3))
    await expect(Reflect.apply(posthog.endpoints.run, posthog.endpoints, args)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
    })
    expect(requests).toEqual([])
  })
})

describe('a failed run', () => {
  it.each([
    [{ error: 'x', execution_id: 'run-1' }],
    [{ type: 'validation_error', code: 'syntax_error', detail: 'x', extra: { execution_id: 'run-1' } }],
  ])('has its execution ID: %j', async (body) => {
    const posthog = clientOf(scriptedServer(() => json(body, 400)))
    await expect(posthog.endpoints.run(traffic)).rejects.toMatchObject({ executionId: 'run-1' })
  })

  it('is a QueryError if PostHog returns 200 with an error', async () => {
    const { posthog } = exchange({ results: null, error: 'The error.', execution_id: 'run-1' })
    await expect(posthog.endpoints.run(traffic)).rejects.toMatchObject({
      name: 'QueryError',
      detail: 'The error.',
      message: expect.stringContaining('The error.'),
      executionId: 'run-1',
    })
  })
})

describe('the result of a run', () => {
  it('has the request ID', async () => {
    const { posthog } = exchange(responseAt(3))
    expect((await posthog.endpoints.run(traffic)).requestId).toBe('req-1')
  })

  it('has diagnostic fields only on request, and only known ones', async () => {
    const response = { ...responseAt(3), hogql: 'SELECT 1', timings: [], secret: 'x' }
    const { posthog } = exchange(response)
    expect((await posthog.endpoints.run(traffic)).debug).toBeUndefined()
    expect((await posthog.endpoints.run(traffic, undefined, { debug: true })).debug).toEqual({
      hogql: 'SELECT 1',
      timings: [],
    })
  })

  it.each([[null], [[]], [{ detail: 'x' }], ['text']])(
    'is a DecodeError for the response %j',
    async (response) => {
      const { posthog } = exchange(response)
      await expect(posthog.endpoints.run(traffic)).rejects.toMatchObject({ name: 'DecodeError' })
    },
  )
})

describe('a run of another version', () => {
  it('throws an error with both versions and a fix', async () => {
    const { posthog, warnings } = exchange(responseAt(4))
    await expect(posthog.endpoints.run(traffic)).rejects.toMatchObject({
      name: 'VersionDriftError',
      endpoint: 'traffic',
      pinned: 3,
      served: 4,
      fix: expect.stringContaining('typehog endpoints pull'),
    })
    expect(warnings).toEqual([])
  })

  it('warns once and returns the rows with `warn`', async () => {
    const { posthog, warnings } = exchange(responseAt(4), { onVersionDrift: 'warn' })
    expect((await posthog.endpoints.run(traffic)).rows).toEqual([{ path: '/', views: 1 }])
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/version 3.*version 4.*typehog endpoints pull/)
  })

  it('does not warn with `ignore`', async () => {
    const { posthog, warnings } = exchange(responseAt(4), { onVersionDrift: 'ignore' })
    expect((await posthog.endpoints.run(traffic)).version).toBe(4)
    expect(warnings).toEqual([])
  })

  it('prefers the option of the run to that of the client', async () => {
    const strict = exchange(responseAt(4))
    await strict.posthog.endpoints.run(traffic, undefined, { onVersionDrift: 'ignore' })
    expect(strict.warnings).toEqual([])
    const loose = exchange(responseAt(4), { onVersionDrift: 'ignore' })
    const run = loose.posthog.endpoints.run(traffic, undefined, { onVersionDrift: 'throw' })
    await expect(run).rejects.toMatchObject({ name: 'VersionDriftError' })
  })

  it('compares with the requested version instead of the pinned one', async () => {
    const { posthog } = exchange(responseAt(2))
    expect((await posthog.endpoints.run(traffic, undefined, { version: 2 })).version).toBe(2)
    await expect(posthog.endpoints.run(traffic, undefined, { version: 4 })).rejects.toMatchObject({
      pinned: 4,
      served: 2,
    })
  })

  it('is accepted without a pinned version or without a version in the response', async () => {
    expect((await exchange(responseAt(9)).posthog.endpoints.run(unpinned)).version).toBe(9)
    expect((await exchange(responseAt()).posthog.endpoints.run(traffic)).version).toBeUndefined()
  })
})

describe('declared columns that are missing in the response', () => {
  const renamed = { results: [['/', 1]], columns: ['path', 'visits'], endpoint_version: 3 }

  it('are named in a warning', async () => {
    const { posthog, warnings } = exchange(renamed)
    await posthog.endpoints.run(traffic)
    expect(warnings).toEqual(['Endpoint "traffic" returned no columns views. Run `typehog endpoints pull`.'])
  })

  it('are ignored for another version, or with `ignore`', async () => {
    const other = exchange({ ...renamed, endpoint_version: 2 })
    await other.posthog.endpoints.run(traffic, undefined, { version: 2 })
    const ignored = exchange(renamed, { onVersionDrift: 'ignore' })
    await ignored.posthog.endpoints.run(traffic)
    expect([...other.warnings, ...ignored.warnings]).toEqual([])
  })

  it('are ignored for an insight', async () => {
    const { posthog, warnings } = exchange({ results: [{}], endpoint_version: 3 })
    await posthog.endpoints.run(traffic)
    expect(warnings).toEqual([])
  })
})
