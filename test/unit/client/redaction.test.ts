import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { hogql, oauth } from '../../../src/index.ts'
import type { ClientOptions } from '../../../src/runtime/config/options.ts'
import type { Tracer } from '../../../src/runtime/observe/tracing.ts'
import { clientOf, json, scriptedServer } from '../fake-server.ts'
import { failure } from '../runtime/harness.ts'

const flag = 'GET /api/projects/{project_id}/feature_flags/{id}/'
const flags = 'GET /api/projects/{project_id}/feature_flags/'
const prefixed = 'phx_SecretSecret0123456789'
const legacy = 'u3kLegacyKeyWithoutPrefix0123456789'

const views = (value: unknown): string =>
  [
    inspect(value, { depth: 12, showHidden: true }),
    JSON.stringify(value),
    value instanceof Error ? `${value.message}${value.stack}${value}` : '',
    value instanceof Error ? inspect(Object.values(value), { depth: 12 }) : '',
  ].join('\n')

const encoded = (text: string): string =>
  [...text].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('')
const escapedJson = (text: string): string =>
  [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
const detail = (text: string): Response => json({ type: 'x', code: 'y', detail: text }, 400)
const raw = (body: string, status = 400, headers: Record<string, string> = {}): Response =>
  new Response(body, { status, headers: { 'content-type': 'application/json', ...headers } })

/** Responses that repeat a key. */
const repeats: readonly (readonly [name: string, respond: (key: string) => Response])[] = [
  ['in a sentence', (key) => detail(`Key ${key} is bad`)],
  ['after a line break', (key) => detail(`unknown key:\n${key}`)],
  ['after a tab', (key) => detail(`unknown key:\t${key}`)],
  ['after an underscore', (key) => detail(`token_${key}`)],
  ['after %3D', (key) => detail(`/x?next=%3Fkey%3D${key}`)],
  ['percent-encoded', (key) => detail(`at ${encoded(key)}`)],
  [
    'partially percent-encoded',
    (key) => detail(`at ${key.slice(0, 9)}${encoded(key.slice(9, 12))}${key.slice(12)}`),
  ],
  ['percent-encoded twice', (key) => detail(`at ${encoded(key).replaceAll('%', '%25')}`)],
  ['in JSON escapes', (key) => raw(`{"type":"x","code":"y","detail":"at ${escapedJson(key)}"}`)],
  ['in JSON escapes inside a string', (key) => detail(`body: {"key":"${escapedJson(key)}"}`)],
  ['after an escaped line break inside a string', (key) => detail(`body: "unknown key:\\n${key}"`)],
  ['in lower case', (key) => detail(`at ${key.toLowerCase()}`)],
  ['in base64', (key) => detail(`Basic ${btoa(`${key}:`)} and ${btoa(`a:${key}`)} and ${btoa(`ab:${key}`)}`)],
  ['as the code', (key) => json({ type: 'x', code: key, detail: 'y' }, 400)],
  ['as the type', (key) => json({ type: key, code: 'x', detail: 'y' }, 400)],
  ['as the field', (key) => json({ type: 'x', code: 'y', detail: 'z', attr: key }, 400)],
  [
    'as a key of extra',
    (key) => json({ type: 'x', code: 'y', detail: 'z', extra: { a: [{ [key]: 1 }] } }, 400),
  ],
  ['as a field with errors', (key) => json({ [key]: ['This is wrong.'] }, 400)],
  ['in plain text', (key) => raw(`no ${key} here`, 403, { 'content-type': 'text/plain' })],
  ['in truncated JSON', (key) => raw(`{"detail":"The key ${key} is bad`)],
  ['at the end of a truncated string', (key) => detail(`The key is ${key.slice(0, -5)}`)],
  [
    'as the title of a page',
    (key) => raw(`<html><title>${key}</title>`, 502, { 'content-type': 'text/html' }),
  ],
  ['in HTML entities', (key) => raw(`<title>${key.replaceAll('e', '&#x65;')}</title>`, 502)],
  ['as the request id', (key) => json({}, 500, { 'x-request-id': key })],
  ['in a header', (key) => json({}, 500, { location: `/login?key=${key}` })],
  ['as the name of a header', (key) => json({}, 500, { [key]: 'x' })],
  [
    'in an HTML page instead of JSON',
    (key) => raw(`<html>${key}</html>`, 200, { 'content-type': 'text/html' }),
  ],
  ['in the URL of a redirect', (key) => raw('', 302, { location: `https://${key}.test/` })],
]

/** Returns the part of a key that a text still contains, in any case or encoding. */
function unredactedPart(key: string, text: string): string | undefined {
  const middle = key.slice(4, -5)
  const needles = [middle, middle.toLowerCase(), encoded(middle), escapedJson(middle), btoa(middle)]
  return needles.find((needle) => text.includes(needle))
}

describe('a key in a response', () => {
  it.each(repeats)('is redacted %s', async (_, respond) => {
    for (const apiKey of [prefixed, legacy]) {
      const posthog = clientOf(
        scriptedServer(() => respond(apiKey)),
        { apiKey, retry: false },
      )
      const error = await failure(posthog.request(flag, { path: { id: 7 } }))
      expect(error.name).not.toBe('Error')
      expect(unredactedPart(apiKey, views(error))).toBeUndefined()
    }
  })

  it('is redacted in errors of lists and schemas', async () => {
    const schema = z.object({}).strict()
    for (const apiKey of [prefixed, legacy]) {
      const posthog = clientOf(
        scriptedServer(() => json({ [apiKey]: 1 })),
        { apiKey },
      )
      const errors = [
        await failure(Promise.resolve(posthog.list(flags))),
        await failure(posthog.list(flags).toArray({ max: 5 })),
        await failure(posthog.request(flag, { path: { id: 7 } }, { schema })),
      ]
      for (const error of errors) expect(unredactedPart(apiKey, views(error))).toBeUndefined()
    }
  })

  it('is redacted in errors of cells and of resources', async () => {
    const body = { columns: ['a'], types: [['a', 'DateTime']], results: [[legacy]] }
    const posthog = clientOf(
      scriptedServer(() => json(body)),
      { apiKey: legacy },
    )
    const cell = await failure(Promise.resolve(posthog.hogql(hogql`select 1 as a`, { dates: 'date' })))
    expect(cell.name).toBe('DecodeError')
    expect(views(cell)).not.toContain(legacy)
    const failed = { query_status: { error: true, complete: true, error_message: `${legacy} is unknown` } }
    const insights = clientOf(
      scriptedServer(() => json(failed)),
      { apiKey: legacy },
    ).insights
    const insight = await failure(Promise.resolve(insights.run(7)))
    expect(insight.name).toBe('QueryError')
    expect(views(insight)).not.toContain(legacy)
  })

  it('stays in the response of a successful call', async () => {
    const posthog = clientOf(
      scriptedServer(() => json({ name: legacy, key: prefixed })),
      { apiKey: legacy },
    )
    expect(await posthog.request(flag, { path: { id: 7 } })).toEqual({ name: legacy, key: prefixed })
  })

  it('is redacted when it comes from a function', async () => {
    const keys = ['FirstKeyOfAFunction', 'SecondKeyOfAFunction']
    let keyCalls = 0
    const posthog = clientOf(
      scriptedServer(() => detail(`${keys[0]} ${keys[1]}`)),
      {
        apiKey: () => keys[keyCalls++ % 2] ?? '',
        retry: false,
      },
    )
    await failure(posthog.request(flag, { path: { id: 7 } }))
    const error = await failure(posthog.request(flag, { path: { id: 7 } }))
    expect(views(error)).not.toMatch(/KeyOfAFunction/)
  })

  it('is redacted with all OAuth tokens', async () => {
    const tokens = { access_token: 'AccessTokenNumberTwo', refresh_token: 'RefreshTokenNumberTwo' }
    const secrets = ['RefreshTokenNumberOne', 'ClientSecretValue', ...Object.values(tokens)]
    const server = scriptedServer(
      () => json(tokens),
      () => detail(secrets.join(' ')),
    )
    const apiKey = oauth({
      clientId: 'app',
      clientSecret: 'ClientSecretValue',
      refreshToken: 'RefreshTokenNumberOne',
      host: 'https://posthog.test',
      fetch: server.fetch,
    })
    const error = await failure(clientOf(server, { apiKey, retry: false }).request(flag, { path: { id: 7 } }))
    expect(error['status']).toBe(400)
    for (const secret of secrets) expect(views(error)).not.toContain(secret)
  })
})

describe('secrets of one call', () => {
  it('are redacted when they are in its headers or query', async () => {
    const secrets = ['CookieOfTheSession', 'PasswordOfTheProxy', 'KeyOfTheTenant', 'OtherPersonalKey']
    const posthog = clientOf(
      scriptedServer(() => detail(secrets.join(' '))),
      {
        retry: false,
        headers: { 'X-Tenant-Key': 'KeyOfTheTenant' },
      },
    )
    const headers = {
      cookie: 'a=b; session=CookieOfTheSession',
      'Proxy-Authorization': 'Basic PasswordOfTheProxy',
    }
    const input = { path: { id: 7 }, query: { personal_api_key: 'OtherPersonalKey' } }
    const error = await failure(posthog.request(flag, input as never, { headers }))
    for (const secret of secrets) expect(views(error)).not.toContain(secret)
  })

  it('are redacted when a middleware adds them', async () => {
    const posthog = clientOf(
      scriptedServer(() => detail('TokenOfTheProxy is bad')),
      { retry: false },
    ).use((request, next) => {
      request.headers.set('cf-access-token', 'unused')
      request.headers.set('x-proxy-token', 'TokenOfTheProxy')
      return next(request)
    })
    const error = await failure(posthog.request(flag, { path: { id: 7 } }))
    expect(views(error)).not.toContain('TokenOfTheProxy')
  })
})

describe('a cause that contains the key', () => {
  const causes: readonly (readonly [name: string, cause: () => unknown])[] = [
    ['in its message', () => new TypeError(`fetch failed with ${legacy}`)],
    [
      'in the cause of its cause',
      () => new Error('a', { cause: new Error('b', { cause: new Error(legacy) }) }),
    ],
    [
      'in an AggregateError',
      () => new AggregateError([new Error('a'), new Error(`b ${legacy}`)], 'fetch failed'),
    ],
    ['in a field', () => Object.assign(new Error('fetch failed'), { config: { url: `/?k=${legacy}` } })],
    [
      'in headers',
      () => Object.assign(new Error('fetch failed'), { headers: new Headers({ 'x-a': legacy }) }),
    ],
    [
      'in a map',
      () => Object.assign(new Error('fetch failed'), { sent: new Map([[legacy, new Set([legacy])]]) }),
    ],
    [
      'in a request',
      () =>
        Object.assign(new Error('fetch failed'), {
          request: new Request('https://a.test/', { headers: { authorization: `Bearer ${legacy}` } }),
        }),
    ],
    [
      'in a circle',
      () => {
        const cause = Object.assign(new Error('fetch failed'), { text: legacy })
        return Object.assign(cause, { self: cause, cause })
      },
    ],
    ['as a DOMException', () => new DOMException(`failed: ${legacy}`, 'NetworkError')],
    ['as a string', () => `no response for ${legacy}`],
  ]

  it.each(causes)('is redacted %s, and the original stays unchanged', async (_, make) => {
    const thrown = make()
    const before = inspect(thrown, { depth: 12 })
    const fetch = (): Promise<Response> => Promise.reject(thrown)
    const posthog = clientOf({ fetch }, { apiKey: legacy, retry: false })
    const error = await failure(posthog.request(flag, { path: { id: 7 } }))
    expect(error.name).toBe('ConnectionError')
    expect(error.cause).toBeDefined()
    expect(views(error)).not.toContain(legacy)
    expect(inspect(thrown, { depth: 12 })).toBe(before)
  })

  it('stays the same object without a secret', async () => {
    const thrown = new TypeError('fetch failed', {
      cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }),
    })
    const fetch = (): Promise<Response> => Promise.reject(thrown)
    const posthog = clientOf({ fetch }, { retry: false })
    expect((await failure(posthog.request(flag, { path: { id: 7 } }))).cause).toBe(thrown)
  })

  it('is redacted when the key function throws it', async () => {
    const apiKey = (): string => {
      throw new Error('vault rejected phx_SecretOfTheVault')
    }
    const error = await failure(clientOf(scriptedServer(), { apiKey }).request(flag, { path: { id: 7 } }))
    expect(views(error)).not.toContain('SecretOfTheVault')
  })
})

describe('logs, spans and hooks', () => {
  it('show no secret', async () => {
    const recorded: unknown[] = []
    const record = (...parts: unknown[]): void => void recorded.push(parts)
    const tracer: Tracer = {
      startActiveSpan: (name, options, work) => {
        record(name, options)
        return work({
          setAttribute: record,
          addEvent: record,
          recordException: (error) => record(error, error.stack),
          setStatus: record,
          end: record,
        })
      },
    }
    const options: ClientOptions = {
      apiKey: legacy,
      tracer,
      logLevel: 'debug',
      logger: { debug: record, info: record, warn: record, error: record },
      onRequest: (event) => {
        record(event)
        throw new Error(legacy)
      },
      onResponse: record,
      onRetry: record,
    }
    const respond = (): Response => json({ detail: legacy }, 503, { 'x-request-id': legacy })
    const query = { search: legacy, personal_api_key: 'AnotherLegacyKey' }
    await failure(
      clientOf(scriptedServer(respond), options).request(flag, { path: { id: 7 }, query } as never),
    )
    const throwing = clientOf(scriptedServer(respond), options).use(() =>
      Promise.reject(new Error(`at ${legacy}`)),
    )
    await failure(throwing.request(flag, { path: { id: 7 } }))
    expect(recorded.length).toBeGreaterThan(15)
    const text = inspect(recorded, { depth: 12, maxArrayLength: null })
    expect(text).not.toContain(legacy)
    expect(text).not.toContain('AnotherLegacyKey')
  })
})

describe('a printed client', () => {
  it('shows no headers', () => {
    const client = clientOf(scriptedServer(), {
      headers: { cookie: 'session=PRINTED', 'x-tenant': 'PRINTED' },
    })
    expect(inspect(client, { depth: 12 }) + JSON.stringify(client.config)).not.toContain('PRINTED')
    expect(client.config.headers).toEqual({ cookie: 'session=PRINTED', 'x-tenant': 'PRINTED' })
  })
})
