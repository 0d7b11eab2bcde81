import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { responseValidators } from '../../../src/generated/response-validators.gen.ts'
import type { Span, SpanAttributes, Tracer } from '../../../src/runtime/observe/tracing.ts'
import type { Middleware } from '../../../src/runtime/transport/middleware.ts'
import { clientOf, type FakeServer, json, key, scriptedServer } from '../fake-server.ts'
import { failure } from '../runtime/harness.ts'

const cohorts = 'GET /api/projects/{project_id}/cohorts/'
const events = 'GET /api/projects/{project_id}/events/'
const page = { count: 1, next: null, previous: null, results: [] }

/** A logger that records its warnings and their call sites. */
function warnings(): { lines: string[]; callSites: unknown[]; logger: object } {
  const lines: string[] = []
  const callSites: unknown[] = []
  return {
    lines,
    callSites,
    logger: {
      debug() {},
      info() {},
      error() {},
      warn(line: string, fields?: { place?: unknown }) {
        lines.push(line)
        callSites.push(fields?.place)
      },
    },
  }
}

describe('use', () => {
  it('returns a client with one more middleware, inside the existing ones', async () => {
    const order: string[] = []
    const named =
      (name: string): Middleware =>
      (request, next) => {
        order.push(name)
        request.headers.set('x-seen', order.join())
        return next(request)
      }
    const server = scriptedServer(() => json(page))
    const plain = clientOf(server, { middleware: [named('a')] })
    const both = plain.use(named('b'))
    await both.request(cohorts)
    expect(order).toEqual(['a', 'b'])
    expect(server.requests[0]?.headers.get('x-seen')).toBe('a,b')
    await plain.request(cohorts)
    expect(order).toEqual(['a', 'b', 'a'])
  })
})

describe('explain', () => {
  it('describes the request without sending it', async () => {
    const server = scriptedServer()
    const explained = await clientOf(server).explain('GET /api/projects/{project_id}/feature_flags/', {
      query: { search: "it's" },
    })
    expect(explained).toMatchObject({
      method: 'GET',
      url: 'https://posthog.test/api/projects/7/feature_flags/?search=it%27s',
      scopes: ['feature_flag:read'],
      throttle: {
        bucket: 'default',
        rates: [
          { requests: 480, seconds: 60 },
          { requests: 4_800, seconds: 3_600 },
        ],
      },
      runsQuery: false,
      replay: 'safe',
      maxAttempts: 3,
      timeouts: { attempt: 60_000, idle: 60_000, total: 300_000 },
      deprecated: false,
    })
    expect(server.requests).toEqual([])
  })

  it('formats the request for a shell, without the key', async () => {
    const { curl, replay, throttle, runsQuery } = await clientOf(scriptedServer(), {
      headers: { 'X-Team': 'a' },
    }).explain(
      'POST /api/projects/{project_id}/query/',
      { body: { query: { kind: 'HogQLQuery', query: "select 'x'" } } },
      { maxAttempts: 1 },
    )
    expect(curl).not.toContain(key)
    expect(curl).toBe(
      [
        "curl -X POST 'https://posthog.test/api/projects/7/query/'",
        '-H "Authorization: Bearer $POSTHOG_PERSONAL_API_KEY"',
        "-H 'x-team: a'",
        "-H 'content-type: application/json'",
        String.raw`--data-raw '{"query":{"kind":"HogQLQuery","query":"select '\''x'\''"}}'`,
      ].join(' \\\n  '),
    )
    expect({ replay, bucket: throttle.bucket, runsQuery }).toEqual({
      replay: 'safe',
      bucket: 'query',
      runsQuery: true,
    })
  })

  it('reports that a write is not retried, and that an operation is deprecated', async () => {
    const posthog = clientOf(scriptedServer())
    const write = await posthog.explain('DELETE /api/projects/{project_id}/surveys/{id}/', {
      path: { id: 'a' },
    })
    expect(write.replay).toBe('unsafe')
    expect((await posthog.explain(events)).deprecated).toBe(true)
  })
})

describe('a warning', () => {
  const warned = (): Response => json(page, 200, { 'X-PostHog-Warn': 'offset is going away' })

  it('of PostHog is logged once per call site', async () => {
    const { lines, callSites, logger } = warnings()
    const posthog = clientOf(scriptedServer(warned), { logger: logger as never })
    for (let n = 0; n < 3; n++) await posthog.request(cohorts)
    await posthog.request(cohorts)
    expect(lines).toEqual([
      `${cohorts}: PostHog warns: offset is going away`,
      `${cohorts}: PostHog warns: offset is going away`,
    ])
    expect(new Set(callSites).size).toBe(2)
  })

  it('reports the sunset of a route', async () => {
    const { lines, logger } = warnings()
    const headers = { Deprecation: 'true', Sunset: 'Fri, 31 Jul 2026 00:00:00 GMT' }
    await clientOf(
      scriptedServer(() => json(page, 200, headers)),
      { logger: logger as never },
    ).request(cohorts)
    expect(lines).toEqual([`${cohorts} is deprecated and ends on Fri, 31 Jul 2026 00:00:00 GMT.`])
  })

  it('reports a deprecated operation', async () => {
    const { lines, logger } = warnings()
    await clientOf(
      scriptedServer(() => json(page)),
      { logger: logger as never },
    ).request(events)
    expect(lines).toEqual([`${events} is deprecated by PostHog.`])
  })
})

describe('the stack of an error', () => {
  it('shows the failed call', async () => {
    const posthog = clientOf(scriptedServer(() => json({ detail: 'x' }, 400)))
    const error = await failure(
      (async function report(): Promise<unknown> {
        return posthog.request(cohorts)
      })(),
    )
    expect(error.stack).toContain('observation.test.ts')
    expect(error.stack?.split('\n')[0]).toBe(`BadRequestError: ${error.message}`)
  })
})

describe('a tracer', () => {
  /** A tracer that records the calls of each span. */
  function recording(): { tracer: Tracer; spans: Record<string, unknown>[] } {
    const spans: Record<string, unknown>[] = []
    const tracer: Tracer = {
      startActiveSpan<T>(
        name: string,
        options: { kind?: number; attributes?: SpanAttributes },
        work: (span: Span) => T,
      ) {
        const recorded: Record<string, unknown> = {
          name,
          kind: options.kind,
          ...options.attributes,
          ended: 0,
        }
        spans.push(recorded)
        return work({
          setAttribute: (key, value) => Object.assign(recorded, { [key]: value }),
          addEvent: () => {},
          recordException: (error) => Object.assign(recorded, { exception: error.name }),
          setStatus: (status) => Object.assign(recorded, { status }),
          end: () => Object.assign(recorded, { ended: Number(recorded['ended']) + 1 }),
        })
      },
    }
    return { tracer, spans }
  }

  it('gets one span per call, whatever the number of attempts', async () => {
    const { tracer, spans } = recording()
    const server = scriptedServer(
      () => json({}, 503),
      () => json(page),
    )
    await clientOf(server, { tracer }).request(cohorts, { query: { limit: 1 } })
    expect(spans).toEqual([
      {
        name: cohorts,
        kind: 2,
        'http.request.method': 'GET',
        'url.template': '/api/projects/{project_id}/cohorts/',
        'server.address': 'posthog.test',
        'http.response.status_code': 200,
        'http.request.resend_count': 1,
        ended: 1,
      },
    ])
  })

  it('gets the error of a failed call', async () => {
    const { tracer, spans } = recording()
    await failure(
      clientOf(
        scriptedServer(() => json({ detail: 'x' }, 404)),
        { tracer },
      ).request(cohorts),
    )
    expect(spans[0]).toMatchObject({
      'http.response.status_code': 404,
      'error.type': '404',
      exception: 'NotFoundError',
      status: { code: 2 },
      ended: 1,
    })
  })
})

describe('validation', () => {
  const good = { count: 0, next: null, previous: null, results: [], tomorrow: 'a new field' }
  const bad = { ...good, results: [{ id: 'seven' }] }

  it('is off by default', async () => {
    expect(await clientOf(scriptedServer(() => json(bad))).request(cohorts)).toEqual(bad)
  })

  it('accepts a response with additional fields, unchanged', async () => {
    const options = { validate: 'throw', validators: responseValidators } as const
    expect(
      await clientOf(
        scriptedServer(() => json(good)),
        options,
      ).request(cohorts),
    ).toEqual(good)
  })

  it('throws an error with the path but not the value', async () => {
    const options = { validate: 'throw', validators: responseValidators } as const
    const error = await failure(
      clientOf(
        scriptedServer(() => json(bad)),
        options,
      ).request(cohorts),
    )
    expect(error).toMatchObject({
      name: 'ResponseValidationError',
      kind: 'invalid_response',
      operation: cohorts,
    })
    expect(error.message).toContain('results.0')
    expect(error.message).not.toContain('seven')
  })

  it('warns and returns the response', async () => {
    const { lines, logger } = warnings()
    const options = { validate: 'warn', validators: responseValidators, logger: logger as never } as const
    expect(
      await clientOf(
        scriptedServer(() => json(bad)),
        options,
      ).request(cohorts),
    ).toEqual(bad)
    expect(lines.join()).toContain('results.0')
  })

  it('accepts a schema for one call, which throws by default and can warn', async () => {
    const posthog = clientOf(scriptedServer(() => json(good)))
    const schema = z.object({ count: z.number().min(1) })
    expect((await failure(posthog.request(cohorts, {}, { schema }))).message).toContain('count')
    expect(await posthog.request(cohorts, {}, { schema, validate: 'warn' })).toEqual(good)
    expect(await posthog.request(cohorts, {}, { schema: z.object({ count: z.literal(0) }) })).toEqual({
      count: 0,
    })
    expect(await posthog.request(cohorts, {}, { schema, validate: 'off' })).toEqual(good)
  })

  it("returns the output of a call's schema, also for a resource method", async () => {
    const posthog = clientOf(scriptedServer(() => json({ id: 7, name: 'Paying', created_at: '2026-01-02' })))
    const Cohort = z.object({ created_at: z.string().transform((text) => new Date(text)) })
    expect(await posthog.cohorts.get(7, { schema: Cohort })).toEqual({ created_at: new Date('2026-01-02') })
  })

  it("returns the schema's output for each item of a list, on every page", async () => {
    const page = (name: string, next: string | null): Response =>
      json({ results: [{ id: name, name }], next })
    const next = 'https://posthog.test/api/projects/7/cohorts/?offset=1'
    const server = (): FakeServer =>
      scriptedServer(
        () => page('one', next),
        () => page('two', null),
      )
    const Item = z.object({ name: z.string().transform((name) => name.length) })
    const options = { schema: Item }
    expect((await clientOf(server()).list(cohorts, {}, options)).items).toEqual([{ name: 3 }])
    const all = await clientOf(server()).cohorts.list({}, options).toArray({ max: 10 })
    expect(all).toEqual([{ name: 3 }, { name: 3 }])
    const looped: unknown[] = []
    for await (const item of clientOf(server()).list(cohorts, {}, options)) looped.push(item)
    expect(looped).toEqual(all)
  })

  it('names the invalid item of a list, or returns it unchanged', async () => {
    const posthog = clientOf(
      scriptedServer(() => json({ results: [{ name: 'one' }, { name: 2 }], next: null })),
    )
    const schema = z.object({ name: z.string() })
    expect((await failure(posthog.list(cohorts, {}, { schema }))).message).toContain('1.name')
    const { items } = await posthog.list(cohorts, {}, { schema, validate: 'warn' })
    expect(items).toEqual([{ name: 'one' }, { name: 2 }])
  })

  it('rejects a mode without schemas', () => {
    expect(() => clientOf(scriptedServer(), { validate: 'throw' })).toThrow(/no schemas/)
    expect(() => clientOf(scriptedServer(), { validate: 'maybe' as never })).toThrow(/"maybe"/)
  })
})
