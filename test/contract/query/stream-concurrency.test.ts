import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createClient, hogql, type TypehogClient } from '../../../src/index.ts'
import { faults, type LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
/** Requests that run, at the moment and at most. */
let running = 0
let maxRunning = 0
/** Number of requests after which others wait until they are aborted. */
let maxAnswered: number
let aborted = 0
beforeAll(async () => {
  ;({ local } = await startLocalClient({ events: 10 }))
  posthog = createClient({
    apiKey: local.personalApiKey,
    projectId: 1,
    host: 'http://local.test',
    logLevel: 'off',
    retry: { initialDelay: 1, maxDelay: 2 },
    fetch: async (url, init) => {
      const request = new Request(url, init)
      running += 1
      maxRunning = Math.max(maxRunning, running)
      maxAnswered -= 1
      try {
        if (maxAnswered < 0) await aborts(request.signal)
        return await local.handle(request)
      } finally {
        running -= 1
      }
    },
  })
})
beforeEach(() => {
  local.faults.clear()
  maxAnswered = Number.POSITIVE_INFINITY
  running = 0
  maxRunning = 0
  aborted = 0
})
afterAll(() => local.close())

function aborts(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      aborted += 1
      reject(signal.reason)
    })
  })
}

/** 1,000 rows in six days: seven rows each hour, with the same time. */
const hourly = hogql<{ n: number; t: string }>`
  select number as n, toDateTime('2026-01-01 00:00:00', 'UTC') + intDiv(number, 7) * 3600 as t from numbers(1000)`
const range = { column: 't', from: '2026-01-01', to: '2026-01-07' }
const everything = Array.from({ length: 1_000 }, (_, n) => n)
const orderBy = ['t', 'n']
const sixHours = { ...range, size: 6 * 3_600_000 }

async function read(options: object, call = {}): Promise<number[]> {
  const rows: number[] = []
  for await (const { n } of posthog.hogql(hourly, call).stream({ orderBy, ...options })) rows.push(n)
  return rows
}

describe('a stream with concurrency', () => {
  it('reads that many windows at once and yields each row once and in order', async () => {
    expect(await read({ window: sixHours, concurrency: 3, pageSize: 30 })).toEqual(everything)
    expect(maxRunning).toBe(3)
  })

  it('reads one window after another by default', async () => {
    expect(await read({ window: sixHours, pageSize: 30 })).toEqual(everything)
    expect(maxRunning).toBe(1)
  })

  it('requests the first page while PostHog describes the columns, only with concurrency', async () => {
    const options = { orderBy, window: sixHours }
    for (const concurrency of [1, 3]) {
      maxAnswered = 0
      maxRunning = 0
      const controller = new AbortController()
      const reading = read({ ...options, concurrency }, { signal: controller.signal })
      await expect.poll(() => running).toBe(Math.min(concurrency, 2))
      controller.abort(new Error('enough'))
      await expect(reading).rejects.toThrow('enough')
      expect(maxRunning).toBe(Math.min(concurrency, 2))
      await expect.poll(() => running).toBe(0)
    }
  })

  it('throws the error of an unknown column, and ends the query of the first page', async () => {
    const unknown = { orderBy: ['t', 'missing'], window: sixHours, concurrency: 3 }
    await expect(read(unknown)).rejects.toMatchObject({ name: 'ConfigurationError' })
    await expect.poll(() => running).toBe(0)
  })

  it('rejects an invalid `after` while PostHog describes the columns', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    onTestFinished(() => void process.off('unhandledRejection', unhandled))
    const after = '[["string","not a time",false]]'
    await expect(read({ window: sixHours, concurrency: 3, after })).rejects.toMatchObject({
      name: 'ConfigurationError',
    })
    await expect.poll(() => running).toBe(0)
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('narrows windows to about one page, so that no query waits for the page before', async () => {
    const start = local.requests.length
    expect(await read({ window: { ...range, size: 6 * 86_400_000 }, concurrency: 3, pageSize: 100 })).toEqual(
      everything,
    )
    expect(maxRunning).toBe(3)
    // Ten pages of 100 rows, the columns, and a few more for windows that are not full.
    expect(local.requests.length - start).toBeLessThan(18)
  })

  it('yields the same rows as one after another, whatever times out or breaks off', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 20, max: 300 }),
        fc.integer({ min: 1, max: 80 }),
        fc.array(fc.record({ skip: fc.integer({ min: 1, max: 12 }), cut: fc.boolean() }), { maxLength: 4 }),
        async (concurrency, pageSize, hours, failures) => {
          local.faults.clear()
          for (const { skip, cut } of failures) {
            local.faults.add(cut ? { skip, cutAfterBytes: 600 } : faults.queryTimeout({ skip }))
          }
          const window = { ...range, size: hours * 3_600_000 }
          expect(await read({ window, concurrency, pageSize }, { maxAttempts: 8 })).toEqual(everything)
        },
      ),
      { numRuns: 12 },
    )
  })

  it('resumes from any page', async () => {
    const options = { orderBy, window: sixHours, concurrency: 3, pageSize: 60 }
    let rows = 0
    let resumed = 0
    for await (const page of posthog.hogql(hourly).stream(options).pages()) {
      rows += page.rows.length
      if (page.next === undefined) break
      expect(await read({ ...options, after: page.next })).toEqual(everything.slice(rows))
      resumed += 1
    }
    expect(rows).toBe(1_000)
    expect(resumed).toBeGreaterThan(15)
  })

  it('throws an error after the rows before it', async () => {
    local.faults.add(faults.outOfQuota({ skip: 4, times: Number.POSITIVE_INFINITY }))
    const rows: number[] = []
    const reading = (async () => {
      for await (const { n } of posthog.hogql(hourly).stream({ orderBy, window: sixHours, concurrency: 3 })) {
        rows.push(n)
      }
    })()
    await expect(reading).rejects.toMatchObject({ name: 'QuotaExceededError' })
    expect(rows.length).toBeGreaterThan(42)
    expect(rows).toEqual(everything.slice(0, rows.length))
  })

  // The columns, the first page, and the second page, during which the queries of three windows are sent.
  const answered = 3
  const options = { orderBy, window: sixHours, concurrency: 3, pageSize: 30 }

  it('aborts the queries that run when the loop is left', async () => {
    maxAnswered = answered
    for await (const { n } of posthog.hogql(hourly).stream(options)) if (n === 35) break
    expect(aborted).toBe(3)
    expect(running).toBe(0)
  })

  it('aborts the queries that run when its signal aborts', async () => {
    maxAnswered = answered
    const controller = new AbortController()
    const reason = new Error('enough')
    const reading = (async () => {
      const query = posthog.hogql(hourly, { signal: controller.signal })
      for await (const { n } of query.stream(options)) if (n === 35) controller.abort(reason)
    })()
    await expect(reading).rejects.toBe(reason)
    expect(aborted).toBe(3)
  })

  it('cancels the background queries that run on the server', async () => {
    const isCanceled = ({ method }: { readonly method: string }): boolean => method === 'DELETE'
    const start = local.requests.length
    const query = posthog.hogql(hourly, { async: true })
    for await (const { n } of query.stream(options)) {
      const body = { query_status: { complete: false, error: false, query_progress: null } }
      if (n === 5) local.faults.add({ method: 'GET', skip: 1, times: 99, status: 202, body })
      if (n === 35) break
    }
    await expect.poll(() => local.requests.slice(start).filter(isCanceled).length).toBeGreaterThan(1)
  })

  it('requires a window', async () => {
    await expect(read({ concurrency: 2 })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: '`concurrency` requires `window`.',
      fix: expect.stringContaining('Pass `window`'),
    })
    expect(await read({ concurrency: 1 })).toEqual(everything)
  })

  it.each([0, 1.5, '3', Number.NaN])('rejects %j', async (concurrency) => {
    await expect(read({ window: range, concurrency })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('`concurrency`'),
    })
  })
})
