import { describe, expect, it } from 'vitest'
import type { ClientOptions } from '../../../src/runtime/config/options.ts'
import type { Span, Tracer } from '../../../src/runtime/observe/tracing.ts'
import { clientOf, type FakeServer, json, scriptedServer } from '../fake-server.ts'

const flags = 'GET /api/projects/{project_id}/feature_flags/'
const hooks = ['onRequest', 'onResponse', 'onRetry', 'onRateLimit', 'onNotice'] as const

/** Answers 429, 503 and then a list with a warning, so that every hook is called. */
function server(): FakeServer {
  return scriptedServer(
    () => json({ type: 'throttled_error', code: 'throttled', detail: 'x' }, 429, { 'retry-after': '0' }),
    () => json({}, 503),
    () => json({ results: [] }, 200, { 'x-posthog-warn': 'x' }),
  )
}

const fail = (): never => {
  throw new Error('metrics are down')
}
const failures: readonly (readonly [name: string, hook: () => unknown])[] = [
  ['throws', fail],
  ['returns a promise that rejects', async () => fail()],
  // biome-ignore lint/suspicious/noThenProperty: a hook may return anything
  ['returns an object whose then throws', () => ({ then: fail })],
  [
    'throws a value that cannot be converted to a string',
    () => {
      throw Object.create(null)
    },
  ],
]

/** What Node reports as unhandled while the work runs and shortly after. */
async function unhandled(work: () => Promise<unknown>): Promise<unknown[]> {
  const found: unknown[] = []
  const listener = (reason: unknown): void => void found.push(reason)
  process.on('unhandledRejection', listener)
  try {
    await work()
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
  } finally {
    process.off('unhandledRejection', listener)
  }
  return found
}

describe('a call succeeds', () => {
  it.each(failures)('when every hook %s', async (_, hook) => {
    const lines: string[] = []
    const logger = { debug() {}, info() {}, warn() {}, error: (line: string) => void lines.push(line) }
    const failing = Object.fromEntries(hooks.map((name) => [name, hook])) as ClientOptions
    const sent = server()
    const found = await unhandled(async () => {
      expect(await clientOf(sent, { ...failing, logger }).request(flags)).toEqual({ results: [] })
    })
    expect(found).toEqual([])
    expect(sent.requests).toHaveLength(3)
    for (const name of hooks) expect(lines.join('\n')).toContain(`The hook ${name} failed`)
  })

  it.each(failures)('when every method of the logger %s', async (_, hook) => {
    const logger = {
      debug: hook,
      info: hook,
      warn: hook,
      error: hook,
    } as unknown as ClientOptions['logger'] & object
    const options: ClientOptions = { logger, logLevel: 'debug', onRequest: fail }
    expect(
      await unhandled(async () => {
        expect(await clientOf(server(), options).request(flags)).toEqual({ results: [] })
      }),
    ).toEqual([])
  })

  it.each(failures)('when every method of a span %s, which is logged once', async (_, method) => {
    const lines: string[] = []
    const logger = { debug() {}, info() {}, warn() {}, error: (line: string) => void lines.push(line) }
    const names = ['setAttribute', 'addEvent', 'recordException', 'setStatus', 'end']
    const span = Object.fromEntries(names.map((name) => [name, method])) as unknown as Span
    const tracer: Tracer = { startActiveSpan: (_name, _options, work) => work(span) }
    const found = await unhandled(async () => {
      expect(await clientOf(server(), { tracer, logger }).request(flags)).toEqual({ results: [] })
      const missing = clientOf(
        scriptedServer(() => json({ detail: 'missing' }, 404)),
        { tracer, logger },
      )
      await expect(missing.request(flags)).rejects.toThrow('missing')
    })
    expect(found).toEqual([])
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain('The tracer failed')
  })

  it.each(failures)('when the tracer itself %s', async (_, startActiveSpan) => {
    const tracer = { startActiveSpan } as unknown as Tracer
    const sent = server()
    const found = await unhandled(async () => {
      expect(await clientOf(sent, { tracer }).request(flags)).toEqual({ results: [] })
    })
    expect(found).toEqual([])
    expect(sent.requests).toHaveLength(3)
  })

  it('once when the tracer throws after the start of the call, or starts it twice', async () => {
    const late: Tracer = {
      startActiveSpan: (_name, _options, work) => {
        work({ setAttribute() {}, addEvent() {}, recordException() {}, setStatus() {}, end() {} })
        work({ setAttribute() {}, addEvent() {}, recordException() {}, setStatus() {}, end() {} })
        throw new Error('no')
      },
    }
    const sent = scriptedServer(() => json({ results: [] }))
    expect(await clientOf(sent, { tracer: late }).request(flags)).toEqual({ results: [] })
    expect(sent.requests).toHaveLength(1)
  })
})
