import { describe, expect, it } from 'vitest'
import { createClient } from '../../../src/client/create-client.ts'
import { createCohort, createWarehouseTablesFile, listCohorts } from '../../../src/generated/api.gen.ts'
import type { ClientOptions } from '../../../src/runtime/config/options.ts'
import { clientOf, type FakeServer, json, key, scriptedServer } from '../fake-server.ts'

const list = 'GET /api/projects/{project_id}/cohorts/'
const create = 'POST /api/projects/{project_id}/cohorts/'
const upload = 'POST /api/projects/{project_id}/warehouse_tables/file/'

const circular: Record<string, unknown> = {}
circular['self'] = circular
const throwing = {
  toJSON() {
    throw new RangeError('no')
  },
}

/** Expects a ConfigurationError that contains `named`, and no requests. */
async function expectRejection(run: (server: FakeServer) => unknown, named: string): Promise<void> {
  const server = scriptedServer(() => json({ results: [] }))
  const error = await (async () => run(server))().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringContaining(named),
    fix: expect.stringMatching(/[.?]$/),
  })
  expect(server.requests).toEqual([])
}

describe('a route', () => {
  it.each([
    'POST @evil.example/api/x/',
    'GET .evil.example/api/x/',
    'GET :8443/api/x/',
    'GET //evil.example/api/x/',
    'GET /\\evil.example/api/x/',
    'GET \\\\evil.example/api/x/',
    'GET https://evil.example/api/x/',
    'GET /api/x/?a=1',
    'GET /api/x/#a',
    'GET /api/x y/',
    'GET /api/x\n/',
    'GET /api/{x/',
    'GET api/x/',
    'GET',
    'get /api/x/',
    'BREW /api/x/',
    '',
    undefined,
    null,
    7,
    Symbol('x'),
  ])('like %s is rejected by request, list and explain', async (route) => {
    await expectRejection((server) => clientOf(server).request(route as never, {} as never), 'The route')
    await expectRejection((server) => clientOf(server).list(route as never, {} as never), 'The route')
    await expectRejection((server) => clientOf(server).explain(route as never, {} as never), 'The route')
  })

  it('of a typehog/api function is validated too', async () => {
    await expectRejection((server) => clientOf(server).api.get({ url: '@evil.example/' }), 'The route')
  })

  it('without the key goes only to the public host, whatever a middleware does', async () => {
    await expectRejection((server) => {
      const posthog = clientOf(server, {
        middleware: [(request, next) => next(new Request('https://evil.example/batch/', request))],
      })
      return posthog.request('POST /batch/', { body: { api_key: 'phc_x', batch: [] } })
    }, 'https://evil.example')
  })
})

describe('the input of a call', () => {
  it.each<[string, unknown, string]>([
    ['an unknown part', { params: {} }, '`params`'],
    ['an array', [], '`input`'],
    ['null', null, '`input`'],
    ['a path that is a string', { path: 'x' }, '`path`'],
    ['an unknown path parameter', { path: { id: 7 } }, '"id" is not part'],
    [
      'an invalid date in the query',
      { query: { after: new Date(Number.NaN) } },
      '`query.after` is an invalid Date',
    ],
    ['an invalid date in an array of the query', { query: { days: [new Date(Number.NaN)] } }, '`query.days`'],
    ['NaN in the query', { query: { limit: Number.NaN } }, '`query.limit` is NaN'],
    ['Infinity in the query', { query: { limit: Number.POSITIVE_INFINITY } }, '`query.limit`'],
    ['undefined in an array of the query', { query: { ids: [1, undefined] } }, '`query.ids`'],
    ['a symbol in the query', { query: { a: Symbol('x') } }, '`query.a`'],
    ['a function in the query', { query: { a: () => 1 } }, '`query.a`'],
    ['a Map in the query', { query: { a: new Map([['x', 1]]) } }, '`query.a`'],
    ['NaN in an object of the query', { query: { properties: { id: Number.NaN } } }, '`query.properties`'],
    ['a circular object in the query', { query: { properties: circular } }, '`query.properties`'],
    ['a bigint in an object of the query', { query: { properties: { id: 1n } } }, '`query.properties`'],
    ['a Map as query', { query: new Map() }, '`query`'],
    ['pairs as query', { query: [['a', '1']] }, '`query`'],
    ['a number as query', { query: 5 }, '`query`'],
    ['a query string with a fragment', { query: 'a=1#b' }, '`query`'],
    ['a body', { body: { a: 1 } }, '`body`'],
    ['an undefined header', { headers: { 'x-a': undefined } }, '"x-a"'],
  ])('is rejected when it has %s', async (_, input, named) => {
    await expectRejection((server) => clientOf(server).request(list, input as never), named)
  })

  it.each<[string, unknown]>([
    ['a string', '{}'],
    ['a number', 0],
    ['null', null],
    ['true', true],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['a Blob', new Blob(['{}'])],
    ['bytes', new Uint8Array([1])],
    ['a buffer', new ArrayBuffer(1)],
    ['a Node buffer', Buffer.from('x')],
    ['a stream', new ReadableStream()],
    ['a Map', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['URLSearchParams', new URLSearchParams('a=1')],
    ['a Date', new Date()],
    ['a promise', Promise.resolve({})],
    ['an error', new Error('x')],
    ['a circular object', circular],
    ['a `toJSON` that throws', throwing],
    ['a `toJSON` that returns a string', { toJSON: () => 'x' }],
    ['NaN', { a: [{ b: Number.NaN }] }],
    ['Infinity', { a: Number.NEGATIVE_INFINITY }],
    ['an invalid date', { a: new Date(Number.NaN) }],
    ['a function inside', { a: () => 1 }],
    ['a symbol inside', { a: Symbol('x') }],
    ['undefined in an array', { a: [undefined] }],
    ['a Map inside', { a: new Map() }],
    ['a Set inside', { a: new Set() }],
    ['bytes inside', { a: Buffer.from('x') }],
    ['a Blob inside', { a: new Blob([]) }],
    ['a promise inside', { a: Promise.resolve(1) }],
    ['a regular expression inside', { a: /x/ }],
  ])('is rejected when its body is or contains %s', async (_, body) => {
    await expectRejection((server) => clientOf(server).request(create, { body } as never), '`body`')
  })

  it('is rejected when the body is too deep for JSON', async () => {
    let body: object = {}
    for (let depth = 0; depth < 100_000; depth++) body = { body }
    await expectRejection((server) => clientOf(server).request(create, { body } as never), '`body`')
  })

  it.each<[string, unknown, string]>([
    ['a string', 'x', '`body`'],
    ['a Blob', new Blob(['x']), '`body`'],
    ['bytes', new Uint8Array(1), '`body`'],
    ['NaN inside', { name: Number.NaN }, '`body.name`'],
    ['undefined in an array', { names: ['a', undefined] }, '`body.names`'],
    ['an invalid date', { at: new Date(Number.NaN) }, '`body.at`'],
  ])('is rejected when a form is %s', async (_, body, named) => {
    await expectRejection((server) => clientOf(server).request(upload, { body } as never), named)
  })

  it('accepts URLSearchParams or a string as query', async () => {
    const server = scriptedServer(() => json({ results: [] }))
    const posthog = clientOf(server)
    await posthog.request(list, { query: new URLSearchParams('limit=2&search=a b') as never })
    await posthog.list(list, { query: new URLSearchParams('limit=2&search=a b') as never })
    await posthog.list(list, { query: '?limit=2&search=a+b' as never })
    expect(new Set(server.requests.map(({ url }) => new URL(url).search))).toEqual(
      new Set(['?limit=2&search=a+b']),
    )
  })
})

describe('headers', () => {
  const sources: readonly [string, ClientOptions['headers']][] = [
    ['an object', { 'X-Team': 'growth' }],
    ['a Headers', new Headers({ 'X-Team': 'growth' })],
    ['a Map', new Map([['X-Team', 'growth']])],
    ['an array of pairs', [['X-Team', 'growth']]],
  ]

  it.each(sources)(
    'may be %s, of the client, of a call and of a function of typehog/api',
    async (_, headers) => {
      const server = scriptedServer(() => json({ results: [] }))
      await clientOf(server, { headers }).request(list)
      await clientOf(server).request(list, {}, { headers })
      const call = { client: clientOf(server).api, headers: headers as never, path: { project_id: '7' } }
      await listCohorts(call)
      await createCohort({ ...call, body: { name: 'x' } as never })
      await createWarehouseTablesFile({ ...call, body: { file: new Blob(['a']) } as never })
      expect((await clientOf(server).explain(list, {}, { headers })).curl).toContain('x-team: growth')
      expect(server.requests.map((request) => request.headers.get('x-team'))).toEqual(
        Array.from({ length: 5 }, () => 'growth'),
      )
    },
  )

  it.each<[string, unknown, string]>([
    ['an undefined value', { 'x-a': undefined }, '"x-a"'],
    ['an array as value', { 'x-a': ['1'] }, '"x-a"'],
    ['a line break', { 'x-a': 'a\nb' }, '"x-a"'],
    ['a character beyond Latin-1', { 'x-a': '🦔' }, '"x-a"'],
    ['a name with a space', { 'x a': '1' }, '"x a"'],
    ['an item that is no pair', [['x-a']], '`headers`'],
    ['a string', 'x-a: 1', '`headers`'],
    ['a number', 5, '`headers`'],
  ])('are rejected for %s', async (_, headers, named) => {
    await expectRejection((server) => clientOf(server, { headers: headers as never }), named)
    await expectRejection(
      (server) => clientOf(server).request(list, {}, { headers: headers as never }),
      named,
    )
  })

  it('reject Authorization in every format', () => {
    const headers = new Headers({ Authorization: 'Bearer x' })
    expect(() => clientOf(scriptedServer(), { headers })).toThrow('Authorization')
  })
})

describe('options of a call', () => {
  it.each<[string, unknown]>([
    ['timeOut', { timeOut: 5 }],
    ['retry', { retry: false }],
    ['timeout', { timeout: '5' }],
    ['totalTimeout', { totalTimeout: -1 }],
    ['maxAttempts', { maxAttempts: 0 }],
    ['signal', { signal: {} }],
    ['signal', { signal: new AbortController() }],
    ['priority', { priority: 'urgent' }],
    ['validate', { validate: 'yes' }],
    ['schema', { schema: {} }],
    ['schema', { schema: (value: unknown) => value }],
    ['body', { body: 'text' }],
    ['parse', { parse: 'json' }],
    ['sink', { sink: {} }],
    ['throttle', { throttle: 'fast' }],
    ['options', 5],
    ['options', null],
    ['options', []],
  ])('are rejected for an invalid %s: %j', async (named, options) => {
    await expectRejection((server) => clientOf(server).request(list, {}, options as never), named)
    await expectRejection((server) => clientOf(server).list(list, {}, options as never), named)
    await expectRejection((server) => clientOf(server).cohorts.get(7, options as never), named)
  })

  it('suggest the closest option', async () => {
    const call = clientOf(scriptedServer()).request(list, {}, { timeOut: 5 } as never)
    await expect(call).rejects.toMatchObject({
      message: '`request` has no option `timeOut`.',
      fix: 'Did you mean `timeout`?',
    })
  })

  it.each<[string, unknown]>([
    ['cursor', { cursor: 5 }],
    ['prefetch', { prefetch: 'no' }],
    ['`concurrency` is 0; expected an integer from 1 to 16', { concurrency: 0 }],
    ['`concurrency`', { concurrency: 17 }],
    ['`concurrency`', { concurrency: '4' }],
    ['`prefetch` is false; expected true with `concurrency`', { concurrency: 2, prefetch: false }],
    ['max', { max: 5 }],
  ])('of a list are rejected for an invalid %s', async (named, options) => {
    await expectRejection((server) => clientOf(server).list(list, {}, options as never), named)
  })

  it('of a list of issues are rejected for an invalid `concurrency`', async () => {
    await expectRejection(
      (server) => clientOf(server).errorTracking.issues.query({}, { concurrency: 1.5 }),
      '`concurrency`',
    )
  })

  it.each<[unknown, string]>([
    [undefined, '`max` is undefined'],
    [{}, '`max` is undefined'],
    [{ max: '5' }, '`max`'],
    [{ max: 1, allowPartial: 1 }, '`allowPartial`'],
    [{ max: 1, partial: true }, '`partial`'],
    [5, '`toArray`'],
  ])('of toArray are rejected: %j', async (options, named) => {
    await expectRejection(
      (server) =>
        clientOf(server)
          .list(list)
          .toArray(options as never),
      named,
    )
  })

  it('that are undefined are ignored', async () => {
    const server = scriptedServer(() => json({ results: [] }))
    const options = { signal: undefined, timeout: undefined, headers: undefined, schema: undefined }
    await clientOf(server).request(list, undefined, options)
    await clientOf(server).list(list, undefined, {
      ...options,
      cursor: undefined,
      prefetch: undefined,
      concurrency: undefined,
    })
    expect(server.requests).toHaveLength(2)
  })
})

describe('options of a client', () => {
  it.each<[string, unknown]>([
    ['fetch', 'x'],
    ['middleware', () => {}],
    ['middleware[1]', [() => {}, {}]],
    ['logger', {}],
    ['logger', { debug() {}, info() {}, warn() {} }],
    ['tracer', {}],
    ['tracer', 'otel'],
    ['cache', {}],
    ['validators', {}],
    ['onRequest', 'x'],
    ['onResponse', {}],
    ['onRetry', true],
    ['onRateLimit', []],
    ['onNotice', 'x'],
    ['onVersionDrift', 'log'],
    ['deprecations', 'warn'],
    ['findRegion', 'no'],
    ['dangerouslyAllowBrowser', 1],
    ['host', 5],
    ['host', ''],
    ['region', 'asia'],
    ['projectId', {}],
    ['projectId', Symbol('x')],
    ['organizationId', 5],
    ['apiKey', 5],
    ['apiKey', {}],
    ['apiKey', null],
    ['timeout', null],
    ['retry', 3],
    ['retry', []],
    ['retries', { retry: { retries: 3 } }],
    ['maxDelay', { retry: { maxDelay: '5' } }],
    ['limits', true],
    ['maxConcurrentQuerys', { limits: { maxConcurrentQuerys: 3 } }],
    ['limits.mode', { limits: { mode: 'none' } }],
    ['limits.store', { limits: { store: {} } }],
    ['limits.rates', { limits: { rates: [] } }],
    ['limits.rates', { limits: { rates: { fast: [] } } }],
    ['limits.rates.query', { limits: { rates: { query: [{ requests: 1 }] } } }],
    ['limits.maxConcurrentQueries', { limits: { maxConcurrentQueries: 0 } }],
  ])('are rejected for an invalid %s', async (named, value) => {
    const nested =
      typeof value === 'object' && value !== null && /^(?:retries|maxDelay|querys|limits\.)/.test(named)
    const options = nested ? value : { [named.replace(/\[.*/, '')]: value }
    await expectRejection(() => createClient({ apiKey: key, ...(options as ClientOptions) }), named)
  })

  it.each([null, 5, 'x', [], new Map()])('are rejected when they are %j', async (options) => {
    await expectRejection(() => createClient(options as never), 'options')
    await expectRejection(() => createClient.optional(options as never), 'options')
  })

  it('that are undefined have their defaults, also within `retry` and `limits`', () => {
    const names = Object.keys(clientOf(scriptedServer()).config)
    const given = Object.fromEntries(
      names.filter((name) => name in { timeout: 1, cache: 1 }).map((name) => [name, undefined]),
    )
    const plain = createClient({ apiKey: key })
    const blank = createClient({
      ...given,
      apiKey: key,
      host: undefined,
      fetch: undefined,
      logger: undefined,
      retry: { maxAttempts: undefined, initialDelay: undefined, maxDelay: undefined },
      limits: { mode: undefined, store: undefined, rates: undefined, maxConcurrentQueries: undefined },
      headers: undefined,
      middleware: undefined,
    })
    expect(blank.config.retry).toEqual(plain.config.retry)
    expect(blank.config).toMatchObject({
      host: plain.config.host,
      timeout: plain.config.timeout,
      headers: {},
    })
  })
})

describe('user code', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a string', 'ok'],
    ['plain data', { results: [] }],
  ])('is rejected when a middleware returns %s', async (_, returned) => {
    const posthog = clientOf(
      scriptedServer(() => json({})),
      { middleware: [async () => returned as never] },
    )
    await expect(posthog.request(list)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('The result of a middleware'),
    })
  })

  it.each([undefined, 'https://posthog.test/', {}])(
    'is rejected when a middleware passes %j to `next`',
    async (passed) => {
      await expectRejection((server) => {
        return clientOf(server, { middleware: [(_, next) => next(passed as never)] }).request(list)
      }, 'The argument of `next`')
    },
  )

  it.each([undefined, {}, 'ok'])('is rejected when `fetch` returns %j', async (returned) => {
    const posthog = clientOf(scriptedServer(), { fetch: (() => returned) as never })
    await expect(posthog.request(list)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('The result of the option `fetch`'),
    })
  })
})

describe('typehog/api', () => {
  it.each<[string, object]>([
    ['parseAs', { parseAs: 'stream' }],
    ['baseUrl', { baseUrl: 'https://evil.example' }],
    ['throwOnError', { throwOnError: false }],
    ['responseStyle', { responseStyle: 'fields' }],
    ['timeout', { timeout: 5 }],
  ])('rejects the unsupported option %s', async (named, options) => {
    const url = '/api/projects/{project_id}/cohorts/'
    await expectRejection((server) => clientOf(server).api.get({ url, ...options } as never), named)
  })
})
