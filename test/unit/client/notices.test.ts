import { describe, expect, it } from 'vitest'
import { ConfigurationError, DeprecationError, type Notice, type TypehogClient } from '../../../src/index.ts'
import type { ClientOptions } from '../../../src/runtime/config/options.ts'
import { clientOf, type FakeServer, fakeServer, json, key, scriptedServer } from '../fake-server.ts'
import { failure } from '../runtime/harness.ts'

const cohorts = 'GET /api/projects/{project_id}/cohorts/'
const events = 'GET /api/projects/{project_id}/events/'
const create = 'POST /api/projects/{project_id}/cohorts/'
const query = 'POST /api/projects/{project_id}/query/'
const page = { count: 1, next: null, previous: null, results: [] }
const sunset = 'Fri, 31 Jul 2026 00:00:00 GMT'
const deprecated = {
  Deprecation: 'true',
  Sunset: sunset,
  Link: '</api/projects/7/cohorts/>; rel="successor-version"',
  'X-Request-Id': 'req-1',
}

interface Watched {
  readonly server: FakeServer
  readonly notices: Notice[]
  readonly lines: string[]
  readonly posthog: TypehogClient
}

/** A client that records its notices and warnings, and a server that sends the given headers. */
function watched(
  headers: Record<string, string> = {},
  options: ClientOptions = {},
  body: unknown = page,
): Watched {
  const server = scriptedServer(() => json(body, 200, headers))
  const notices: Notice[] = []
  const lines: string[] = []
  const logger = { debug() {}, info() {}, error() {}, warn: (line: string) => void lines.push(line) }
  const onNotice = (notice: Notice): void => void notices.push(notice)
  return { server, notices, lines, posthog: clientOf(server, { logger, onNotice, ...options }) }
}

describe('onNotice', () => {
  it('gets a warning of PostHog with its call site and request id', async () => {
    const { posthog, notices, lines } = watched({
      'X-PostHog-Warn': 'filters_override is deprecated.',
      'X-Request-Id': 'req-1',
    })
    await posthog.request(cohorts)
    expect(notices).toEqual([
      {
        kind: 'warning',
        message: `${cohorts}: PostHog warns: filters_override is deprecated.`,
        operation: cohorts,
        header: 'x-posthog-warn',
        replacement: undefined,
        sunset: undefined,
        requestId: 'req-1',
        callSite: expect.stringContaining('notices.test.ts'),
      },
    ])
    expect(lines).toEqual(notices.map(({ message }) => message))
  })

  it('gets the sunset and the successor of a response', async () => {
    const { posthog, notices, lines } = watched(deprecated)
    await posthog.request(cohorts)
    expect(notices).toMatchObject([
      {
        kind: 'deprecation',
        header: 'deprecation',
        sunset,
        replacement: '/api/projects/7/cohorts/',
        message: `${cohorts} is deprecated and ends on ${sunset}.`,
      },
    ])
    expect(lines).toHaveLength(1)
  })

  it('gets warnings with code 299 and ignores other codes', async () => {
    const warning = '110 proxy "Response is stale", 299 - "Say \\"no\\", soon", 299 posthog "Second"'
    const { posthog, notices } = watched({ Warning: warning })
    await posthog.request(cohorts)
    expect(notices.map(({ kind, header, message }) => ({ kind, header, message }))).toEqual([
      { kind: 'warning', header: 'warning', message: `${cohorts}: the server warns: Say "no", soon` },
      { kind: 'warning', header: 'warning', message: `${cohorts}: the server warns: Second` },
    ])
  })

  it('gets the deprecation of an operation from the schema, together with a warning', async () => {
    const { posthog, notices } = watched({ 'X-PostHog-Warn': 'offset is deprecated.', Sunset: sunset })
    await posthog.request(events)
    expect(notices).toMatchObject([
      { kind: 'deprecation', header: undefined, replacement: query, sunset },
      { kind: 'warning', header: 'x-posthog-warn' },
    ])
  })

  it('is called once per message and call site, for each client', async () => {
    const { posthog, notices } = watched({ 'X-PostHog-Warn': 'x' })
    for (let n = 0; n < 3; n++) await posthog.request(cohorts)
    expect(notices).toHaveLength(1)
    await posthog.request(cohorts)
    expect(notices).toHaveLength(2)
  })

  it('never fails a call, and its error is logged', async () => {
    const errors: string[] = []
    const logger = { debug() {}, info() {}, warn() {}, error: (line: string) => void errors.push(line) }
    const fail = (): never => {
      throw new Error('radar is down')
    }
    for (const onNotice of [fail, async () => fail()]) {
      const { posthog } = watched(deprecated, { onNotice, logger })
      expect(await posthog.request(cohorts)).toEqual(page)
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(errors).toEqual([
      expect.stringContaining('The hook onNotice failed'),
      expect.stringContaining('The hook onNotice failed'),
    ])
  })

  it('never sees the key', async () => {
    const { posthog, notices } = watched({ 'X-PostHog-Warn': `key ${key}`, 'X-Request-Id': key })
    await posthog.request(cohorts)
    expect(notices).toHaveLength(1)
    expect(JSON.stringify(notices)).not.toContain(key)
  })

  it('must be a function', () => {
    expect(() => watched({}, { onNotice: 'x' as never })).toThrow(ConfigurationError)
  })
})

describe('deprecations: ignore', () => {
  it('logs no deprecation but still logs warnings, and `onNotice` gets both', async () => {
    const { posthog, notices, lines } = watched(
      { ...deprecated, 'X-PostHog-Warn': 'x' },
      { deprecations: 'ignore' },
    )
    await posthog.request(cohorts)
    expect(notices.map(({ kind }) => kind)).toEqual(['warning', 'deprecation'])
    expect(lines).toEqual([`${cohorts}: PostHog warns: x`])
  })
})

describe('deprecations: throw', () => {
  const strict: ClientOptions = { deprecations: 'throw' }

  it('rejects a deprecated operation before it is sent', async () => {
    const { posthog, server, notices, lines } = watched({}, strict)
    const error = await failure(posthog.request(events))
    expect(error).toBeInstanceOf(DeprecationError)
    expect(error).toMatchObject({
      kind: 'deprecation',
      operation: events,
      replacement: query,
      sent: false,
      attempts: [],
      data: undefined,
      message: `${events} is deprecated by PostHog.`,
      fix: expect.stringMatching(/^Call POST .* Nothing was sent\.$/),
      stack: expect.stringContaining('notices.test.ts'),
    })
    expect(server.requests).toEqual([])
    expect(notices).toHaveLength(1)
    expect(lines).toEqual([])
  })

  it('rejects a deprecated operation without a replacement', async () => {
    const { posthog } = watched({}, strict)
    const error = await failure(posthog.dashboards.snapshot(7))
    expect(error).toMatchObject({ name: 'DeprecationError', sent: false, replacement: undefined })
    expect(error['fix']).toMatch(/^Stop calling it/)
  })

  it('rejects a path under environments before it is sent', async () => {
    const { posthog, server } = watched({}, strict)
    const error = await failure(posthog.get('/api/environments/7/cohorts/'))
    expect(error).toMatchObject({
      sent: false,
      replacement: '/api/projects/7/cohorts/',
      sunset,
      message: `GET /api/environments/7/cohorts/ is deprecated and ends on ${sunset}.`,
      fix: expect.stringContaining('Call /api/projects/7/cohorts/'),
    })
    expect(server.requests).toEqual([])
  })

  it('rejects a read that only its response reveals as deprecated, with the data', async () => {
    const { posthog } = watched(deprecated, strict)
    const error = await failure(posthog.request(cohorts))
    expect(error).toMatchObject({ name: 'DeprecationError', sent: true, sunset, data: page })
    expect(error.message).not.toContain('performed')
    expect(error['attempts']).toMatchObject([{ status: 200 }])
  })

  it('says that a write was performed, and keeps its response', async () => {
    const created = { id: 8, token: 'phx_created0123456789' }
    const { posthog, server } = watched(deprecated, strict, created)
    const error = await failure(posthog.request(create, { body: { name: 'x' } }))
    expect(server.requests).toHaveLength(1)
    expect(error).toMatchObject({
      sent: true,
      data: created,
      message: expect.stringMatching(/PostHog has performed the operation\.$/),
      fix: expect.stringMatching(/^Do not repeat the call\. `data` has the response\./),
    })
    expect(JSON.stringify(error)).not.toContain('phx_created')
  })

  it('explains why the data of a response is missing', async () => {
    const server = scriptedServer(() => new Response('<html>', { headers: { ...deprecated } }))
    const error = await failure(clientOf(server, strict).request(cohorts))
    expect(error).toMatchObject({ sent: true, data: undefined, cause: { name: 'DecodeError' } })
  })

  it('cancels a stream', async () => {
    let canceled = false
    const server = fakeServer(() => {
      const body = new ReadableStream({
        cancel() {
          canceled = true
        },
      })
      return new Response(body, { headers: { ...deprecated, 'content-type': 'text/event-stream' } })
    })
    const reading = (async () => {
      for await (const _ of clientOf(server, strict).dashboards.streamTiles(7));
    })()
    expect(await failure(reading)).toMatchObject({ name: 'DeprecationError', sent: true, data: undefined })
    expect(canceled).toBe(true)
  })

  it('does not affect warnings', async () => {
    const { posthog, lines } = watched({ 'X-PostHog-Warn': 'x' }, strict)
    expect(await posthog.request(cohorts)).toEqual(page)
    expect(lines).toHaveLength(1)
  })

  it('can be set for a derived client', async () => {
    const { posthog, server } = watched()
    const error = await failure(posthog.with({ deprecations: 'throw' }).request(events))
    expect(error.name).toBe('DeprecationError')
    expect(await posthog.request(events)).toEqual(page)
    expect(server.requests).toHaveLength(1)
    expect(posthog.with(strict).project(8).config.deprecations).toBe('throw')
  })

  it('rejects other values', () => {
    expect(() => watched({}, { deprecations: 'warn' as never })).toThrow('`deprecations`')
  })
})
