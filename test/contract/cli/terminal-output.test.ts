import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakePostHog, fakeDocument, fakeEndpoint, startFakePostHog } from './fake-posthog.ts'

let posthog: FakePostHog
beforeAll(async () => {
  posthog = await startFakePostHog()
})
afterAll(() => posthog[Symbol.asyncDispose]())

/** Sets the title, clears the screen, rings the bell, overwrites the line and reverses the text. */
const evil = 'a\u001b]0;x\u0007\u001b[2J\u009b31m\r\b\u007f\u0085\u202eb\u2066\u200f\u2028c'
const unsafe = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u
const tty = { isTTY: { stdout: true, stderr: false } }
const table = (cell: unknown): object => ({
  results: [[cell]],
  columns: [evil],
  types: [[evil, 'String']],
  hasMore: false,
  endpoint_version: 1,
})
const apiError = (detail: string, status = 400): { status: number; body: object } => {
  return { status, body: { type: 'validation_error', code: evil, detail, attr: evil } }
}

const fakeFlag = {
  id: 1,
  key: evil,
  name: evil,
  active: true,
  tags: [evil],
  updated_at: evil,
  filters: { groups: [{ properties: [{ key: evil, value: evil }], variant: evil, description: evil }] },
}
const person = {
  uuid: '018f3c1e-0000-7000-8000-00000000abcd',
  name: evil,
  distinct_ids: [evil],
  created_at: evil,
  last_seen_at: evil,
  properties: { [evil]: evil, nested: { [evil]: [evil] } },
}

beforeAll(async () => {
  posthog.endpoints = [
    fakeEndpoint(evil, { query: { kind: evil, [evil]: evil }, last_executed_at: evil }),
    fakeEndpoint(`bad${evil}`, { query: evil }),
    fakeEndpoint('b', { columns: [{ name: evil, type: evil }] }),
  ]
  posthog.documents = { b: fakeDocument({ [evil]: { type: 'string', description: evil } }) }
  expect((await posthog.run(['endpoints', 'pull', '--skip-invalid'])).code).toBe(0)
})

describe('a terminal gets no control characters from a server or a user', () => {
  it.each<[string, readonly string[], FakePostHog['routes']]>([
    ['names of endpoints', ['endpoints', 'ls'], {}],
    ['names of endpoints as JSON', ['endpoints', 'ls', '--json'], {}],
    ['endpoints that a pull adds or skips', ['endpoints', 'pull', '--skip-invalid', '--out', 'new.ts'], {}],
    ['a pull as JSON', ['endpoints', 'pull', '--skip-invalid', '--json', '--out', 'new.ts'], {}],
    ['the error of a pull', ['endpoints', 'pull'], {}],
    [
      'changes that a check finds',
      ['endpoints', 'check'],
      {
        '/endpoints/b/': {
          body: fakeEndpoint('b', { columns: [{ name: `${evil}2`, type: evil }], query: { kind: evil } }),
        },
      },
    ],
    ['cells of a table', ['query', 'select 1'], { '/query/': { body: table(evil) } }],
    ['cells of CSV', ['query', 'select 1', '--format', 'csv'], { '/query/': { body: table(evil) } }],
    ['cells of JSON', ['query', 'select 1', '--format', 'json'], { '/query/': { body: table(evil) } }],
    [
      'cells of NDJSON',
      ['query', 'select 1', '--format', 'ndjson'],
      { '/query/': { body: table({ evil }) } },
    ],
    ['a full result', ['query', 'select 1', '--json'], { '/query/': { body: table(evil) } }],
    ['rows of an endpoint', ['endpoints', 'run', 'b'], { '/run/': { body: table(evil) } }],
    ['an undeclared variable', ['endpoints', 'run', 'b', '--var', 'x=1'], { '/run/': { body: table(1) } }],
    ['API errors', ['query', 'select 1'], { '/query/': apiError(evil) }],
    ['API errors of a run', ['endpoints', 'run', 'b'], { '/run/': apiError(evil) }],
    ['a stack trace', ['--debug', 'query', 'select 1'], { '/query/': apiError(evil) }],
    [
      'names in doctor',
      ['doctor'],
      {
        '/api/users/@me/': {
          body: {
            email: evil,
            uuid: evil,
            team: { id: 1, name: evil },
            organization: { teams: [{ id: 1, name: evil }] },
          },
        },
        '/api/personal_api_keys/@current/': { body: { label: evil, scopes: [evil] } },
        '/query/': apiError(evil),
      },
    ],
    ['API errors in doctor', ['doctor', '--json'], { '/api/users/@me/': apiError(evil, 401) }],
    [
      'facts of a key',
      ['whoami'],
      { '/api/personal_api_keys/@current/': { body: { label: evil, scopes: [evil] } } },
    ],
    ['feature flags', ['flags', 'ls'], { '/feature_flags/': { body: { results: [fakeFlag] } } }],
    ['a feature flag', ['flags', 'get', evil], { '/feature_flags/': { body: { results: [fakeFlag] } } }],
    [
      'a change of a feature flag',
      ['flags', 'rollout', evil, '5', '--dry-run'],
      { '/feature_flags/': { body: { results: [fakeFlag] } } },
    ],
    ['a person', ['persons', 'get', person.uuid], { [`/persons/${person.uuid}/`]: { body: person } }],
    [
      'persons to erase',
      ['persons', 'erase', evil, '--dry-run'],
      { '/batch_by_distinct_ids/': { body: { results: { [evil]: person } } } },
    ],
    [
      'log lines',
      ['logs', '--endpoint', 'b'],
      {
        '/logs/': {
          body: { results: [{ timestamp: evil, level: evil, message: evil, instance_id: evil }] },
        },
      },
    ],
    [
      'a captured event',
      ['capture', evil, '--distinct-id', evil, '--property', `${evil}=${evil}`, '--dry-run'],
      {},
    ],
    ['an argument', ['query', 'select 1', '--format', evil], {}],
    ['a command', [evil], {}],
    ['a file', ['schema', 'diff', evil, evil], {}],
    ['a schema', ['schema', 'diff', 'schema.json', 'empty.json'], {}],
  ])('%s', async (_, argv, routes) => {
    const document = (paths: object): string =>
      JSON.stringify({ openapi: '3.0.3', info: { title: 'x', version: '1' }, paths })
    await posthog.put('empty.json', document({ '/api/other/': { get: { operationId: 'x', responses: {} } } }))
    await posthog.put(
      'schema.json',
      document({
        [`/api/${evil}/`]: { get: { operationId: evil, responses: { 200: { description: evil } } } },
      }),
    )
    posthog.routes = routes
    const plain = await posthog.run(['--no-color', ...argv], tty)
    expect(plain.out + plain.err).not.toMatch(unsafe)
    // Errors already omit control characters.
    expect(plain.out + plain.err).toMatch(/\\u009b|31m/)
  })
})

describe('data', () => {
  const run = async (format: string, io: typeof tty | object, ...more: string[]): Promise<string> => {
    posthog.routes = { '/query/': { body: table(evil) } }
    return (await posthog.run(['query', 'select 1', '--format', format, ...more], io)).out
  }

  it('goes to a pipe unchanged', async () => {
    expect(JSON.parse(await run('json', {}))).toEqual([{ [evil]: evil }])
    expect(await run('ndjson', {})).toBe(`${JSON.stringify({ [evil]: evil })}\n`)
    expect(await run('csv', {})).toBe(`"${evil}"\r\n"${evil}"\r\n`)
    expect(await run('csv', {}, '--order-by', evil)).toBe(`"${evil}"\r\n"${evil}"\r\n`)
  })

  it('stays JSON on a terminal', async () => {
    const out = await run('json', tty)
    expect(out).not.toMatch(unsafe)
    expect(JSON.parse(out)).toEqual([{ [evil]: evil }])
    expect(JSON.parse(await run('ndjson', tty))).toEqual({ [evil]: evil })
  })

  it('is escaped on a terminal while it streams', async () => {
    expect(await run('csv', tty, '--order-by', evil)).not.toMatch(unsafe)
  })
})

describe('colors', () => {
  it('are the only control characters on a terminal', async () => {
    posthog.routes = { '/query/': apiError('\u009b31mred\u009b0m') }
    const { err } = await posthog.run(['query', 'select 1'], { isTTY: { stdout: true, stderr: true } })
    expect(err).toContain('\u001b[31mError:\u001b[39m ')
    expect(err).toContain(']0;x')
    expect(err.replace(/\p{Cc}\[(?:31|39|1|22)m/gu, '')).not.toMatch(unsafe)
  })
})

describe('a key in a response', () => {
  const detail = (key: string): string => `\n${key}\t${key}=${key} ${encodeURIComponent(`=${key}`)}_${key}`

  it.each([
    [['query', 'select 1']],
    [['--debug', 'query', 'select 1']],
    [['doctor']],
    [['doctor', '--json']],
    [['endpoints', 'run', 'b']],
    [['endpoints', 'ls']],
    [['endpoints', 'pull']],
    [['endpoints', 'check']],
    [['capture', 'x', '--distinct-id', 'a']],
    [['flags', 'ls']],
    [['persons', 'get', 'a', '--json']],
    [['persons', 'erase', 'a', '--yes']],
    [['logs', '--endpoint', 'b']],
  ])('is redacted by %j', async (argv) => {
    for (const key of [posthog.key, 'a-key-without-a-prefix-1234567890']) {
      const every = apiError(detail(key), 403)
      posthog.routes = Object.fromEntries(
        ['/query/', '/run/', '/endpoints/', '@me/', '/b/', '/'].map((end) => [end, every]),
      )
      const env = { POSTHOG_HOST: posthog.host, POSTHOG_PROJECT_ID: '1', POSTHOG_PERSONAL_API_KEY: key }
      const { code, out, err } = await posthog.run(argv, { env })
      expect(code).toBe(3)
      expect(out + err).not.toContain(key)
    }
  })
})
