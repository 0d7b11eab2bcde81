import { describe, expect, it } from 'vitest'
import type { TypehogClient } from '../../../../src/client/create-client.ts'
import type { Endpoint } from '../../../../src/resources/endpoints/endpoint.ts'
import type { RunOptions } from '../../../../src/resources/endpoints/run-endpoint.ts'
import type { ClientOptions } from '../../../../src/runtime/config/options.ts'
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
const answerAt = (endpoint_version?: number): object => ({
  results: [['/', 1]],
  columns: ['path', 'views'],
  ...(endpoint_version === undefined ? {} : { endpoint_version }),
})

describe('the body of a run', () => {
  it.each<[string, Endpoint, Record<string, unknown> | undefined, RunOptions | undefined, object]>([
    ['nothing but the pinned version', traffic, undefined, undefined, { version: 3 }],
    ['nothing at all without a pin', unpinned, undefined, undefined, {}],
    ['empty variables as they are', unpinned, {}, undefined, { variables: {} }],
    [
      'variables, null included',
      traffic,
      { a: null, b: 1 },
      {},
      { variables: { a: null, b: 1 }, version: 3 },
    ],
    ['another version for this run', traffic, undefined, { version: 2 }, { version: 2 }],
    [
      'every option in the words of the API',
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
      'no option of the call itself',
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
      'zero and false, which are values',
      unpinned,
      undefined,
      { limit: 1, offset: 0, debug: false },
      { limit: 1, offset: 0, debug: false },
    ],
  ])('has %s', async (_, endpoint, variables, options, body) => {
    const { posthog, requests } = exchange(answerAt(options?.version ?? endpoint.version))
    await posthog.endpoints.run(endpoint, variables, options)
    expect(requests.map(({ text }) => JSON.parse(text))).toEqual([body])
    expect(requests.map(({ path }) => path)).toEqual(['/endpoints/traffic/run/'])
  })

  it('goes to the endpoint whatever its name is made of', async () => {
    const { posthog, requests } = exchange(answerAt())
    await posthog.endpoints.run({ ...unpinned, name: 'a/../b?c' })
    expect(requests.map(({ path }) => path)).toEqual(['/endpoints/a%2F..%2Fb%3Fc/run/'])
  })
})

describe('wrong arguments of a run', () => {
  const wrong: readonly [args: readonly unknown[], message: string][] = [
    [['traffic'], 'The endpoint of `endpoints.run` is "traffic"'],
    [[undefined], 'The endpoint of `endpoints.run` is undefined'],
    [[{ ...traffic, name: '' }], 'The endpoint of `endpoints.run` is an object'],
    [[{ name: 'traffic' }], 'expected an endpoint with `name` and `columns`'],
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
    [[traffic, {}, { limits: 5 }], '`endpoints.run` has no option `limits`'],
    [[traffic, {}, 5], 'The options of `endpoints.run` is 5'],
  ]
  it.each(wrong)('are refused before anything is sent: %o', async (args, message) => {
    const { posthog, requests } = exchange(answerAt(3))
    await expect(Reflect.apply(posthog.endpoints.run, posthog.endpoints, args)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
    })
    expect(requests).toEqual([])
  })
})

describe('a run that failed', () => {
  it.each([
    [{ error: 'x', execution_id: 'run-1' }],
    [{ type: 'validation_error', code: 'syntax_error', detail: 'x', extra: { execution_id: 'run-1' } }],
  ])('has the id of the run: %j', async (body) => {
    const posthog = clientOf(scriptedServer(() => json(body, 400)))
    await expect(posthog.endpoints.run(traffic)).rejects.toMatchObject({ executionId: 'run-1' })
  })

  it('is a QueryError when PostHog answers 200 with an error', async () => {
    const { posthog } = exchange({ results: null, error: 'The sentence.', execution_id: 'run-1' })
    await expect(posthog.endpoints.run(traffic)).rejects.toMatchObject({
      name: 'QueryError',
      detail: 'The sentence.',
      message: expect.stringContaining('The sentence.'),
      executionId: 'run-1',
    })
  })
})

describe('the result of a run', () => {
  it('has the request id', async () => {
    const { posthog } = exchange(answerAt(3))
    expect((await posthog.endpoints.run(traffic)).requestId).toBe('req-1')
  })

  it('has diagnostic fields only on request, and only known ones', async () => {
    const answer = { ...answerAt(3), hogql: 'SELECT 1', timings: [], secret: 'x' }
    const { posthog } = exchange(answer)
    expect((await posthog.endpoints.run(traffic)).debug).toBeUndefined()
    expect((await posthog.endpoints.run(traffic, undefined, { debug: true })).debug).toEqual({
      hogql: 'SELECT 1',
      timings: [],
    })
  })

  it.each([[null], [[]], [{ detail: 'x' }], ['text']])('is an error for the answer %j', async (answer) => {
    const { posthog } = exchange(answer)
    await expect(posthog.endpoints.run(traffic)).rejects.toMatchObject({ name: 'DecodeError' })
  })
})

describe('when PostHog ran another version', () => {
  it('throws, with both versions and the fix', async () => {
    const { posthog, warnings } = exchange(answerAt(4))
    await expect(posthog.endpoints.run(traffic)).rejects.toMatchObject({
      name: 'VersionDriftError',
      endpoint: 'traffic',
      pinned: 3,
      served: 4,
      fix: expect.stringContaining('typehog endpoints pull'),
    })
    expect(warnings).toEqual([])
  })

  it('warns once when told to, and returns the rows', async () => {
    const { posthog, warnings } = exchange(answerAt(4), { onVersionDrift: 'warn' })
    expect((await posthog.endpoints.run(traffic)).rows).toEqual([{ path: '/', views: 1 }])
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/version 3.*version 4.*typehog endpoints pull/)
  })

  it('says nothing when told to', async () => {
    const { posthog, warnings } = exchange(answerAt(4), { onVersionDrift: 'ignore' })
    expect((await posthog.endpoints.run(traffic)).version).toBe(4)
    expect(warnings).toEqual([])
  })

  it('does what the run says before what the client says', async () => {
    const strict = exchange(answerAt(4))
    await strict.posthog.endpoints.run(traffic, undefined, { onVersionDrift: 'ignore' })
    expect(strict.warnings).toEqual([])
    const loose = exchange(answerAt(4), { onVersionDrift: 'ignore' })
    const run = loose.posthog.endpoints.run(traffic, undefined, { onVersionDrift: 'throw' })
    await expect(run).rejects.toMatchObject({ name: 'VersionDriftError' })
  })

  it('measures by the version of the run, not by the pin', async () => {
    const { posthog } = exchange(answerAt(2))
    expect((await posthog.endpoints.run(traffic, undefined, { version: 2 })).version).toBe(2)
    await expect(posthog.endpoints.run(traffic, undefined, { version: 4 })).rejects.toMatchObject({
      pinned: 4,
      served: 2,
    })
  })

  it('takes any version when none is pinned, and no version as no news', async () => {
    expect((await exchange(answerAt(9)).posthog.endpoints.run(unpinned)).version).toBe(9)
    expect((await exchange(answerAt()).posthog.endpoints.run(traffic)).version).toBeUndefined()
  })
})

describe('columns that the types promise and the answer lacks', () => {
  const renamed = { results: [['/', 1]], columns: ['path', 'visits'], endpoint_version: 3 }

  it('are named in a warning', async () => {
    const { posthog, warnings } = exchange(renamed)
    await posthog.endpoints.run(traffic)
    expect(warnings).toEqual(['Endpoint "traffic" returned no columns views. Run `typehog endpoints pull`.'])
  })

  it('are no news at another version, or when drift is ignored', async () => {
    const other = exchange({ ...renamed, endpoint_version: 2 })
    await other.posthog.endpoints.run(traffic, undefined, { version: 2 })
    const ignored = exchange(renamed, { onVersionDrift: 'ignore' })
    await ignored.posthog.endpoints.run(traffic)
    expect([...other.warnings, ...ignored.warnings]).toEqual([])
  })

  it('are not looked for in an insight', async () => {
    const { posthog, warnings } = exchange({ results: [{}], endpoint_version: 3 })
    await posthog.endpoints.run(traffic)
    expect(warnings).toEqual([])
  })
})
