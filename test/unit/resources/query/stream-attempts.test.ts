import { describe, expect, it } from 'vitest'
import { hogql, type TypehogClient } from '../../../../src/index.ts'
import { errorResponse, type FakeServer, fakeServer, type RecordedRequest } from '../../fake-server.ts'
import { failure } from '../../runtime/harness.ts'

const query = hogql<{ n: number }>`select n from t`
const head = '{"columns":["n"],"types":[["n","UInt64"]],"results":['
const isDescription = ({ body }: RecordedRequest): boolean => Object(body['query'])['values']?.p0 === 0
const reset = (): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })

/** A server for the pages of a stream, which also describes the columns. */
const pages = (respond: (call: number) => Response): FakeServer => {
  let calls = 0
  return fakeServer((request) => {
    if (isDescription(request)) return new Response(`${head}]}`, json)
    calls += 1
    return respond(calls)
  })
}
const json = { headers: { 'content-type': 'application/json' } }

/** A response whose connection breaks after some text. */
const truncated = (text: string): Response => {
  let sent = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) return controller.error(reset())
      sent = true
      controller.enqueue(new TextEncoder().encode(text))
    },
  })
  return new Response(body, json)
}

async function read(posthog: TypehogClient, options = {}): Promise<number[]> {
  const rows: number[] = []
  for await (const { n } of posthog.hogql(query, options).stream({ orderBy: ['n'], pageSize: 100 }))
    rows.push(n)
  return rows
}
const pageRequests = ({ requests }: FakeServer): number =>
  requests.filter((request) => !isDescription(request)).length

describe('a stream of pages', () => {
  it.each([1, 3, 5])(
    'sends a page without a response %i times, according to `maxAttempts`',
    async (maxAttempts) => {
      const server = pages(() => {
        throw reset()
      })
      const retry = { maxAttempts, initialDelay: 1, maxDelay: 1 }
      const error = await failure(read(server.client({ retry })))
      expect(error).toMatchObject({ name: 'ConnectionError' })
      expect(pageRequests(server)).toBe(maxAttempts)
      expect(error['attempts']).toHaveLength(maxAttempts)
    },
  )

  it.each([1, 3])('counts a truncated body as one attempt of %i', async (maxAttempts) => {
    const server = pages(() => truncated(head))
    const error = await failure(read(server.client(), { maxAttempts }))
    expect(pageRequests(server)).toBe(maxAttempts)
    expect(error['attempts']).toEqual(
      Array.from({ length: maxAttempts }, (_, index) => ({
        attempt: index + 1,
        status: 200,
        error: 'ECONNRESET',
        waitMs: expect.any(Number),
        reason: 'the body broke off',
      })),
    )
  })

  it('counts error responses and truncated bodies of a page together', async () => {
    const server = pages((call) => (call % 2 === 1 ? errorResponse(503) : truncated(head)))
    const error = await failure(
      read(server.client({ retry: { maxAttempts: 4, initialDelay: 1, maxDelay: 1 } })),
    )
    expect(pageRequests(server)).toBe(4)
    expect(error).toMatchObject({
      stopReason: 'all 4 attempts were made',
      attempts: [
        { attempt: 1, status: 503 },
        { attempt: 2, status: 200, error: 'ECONNRESET' },
        { attempt: 3, status: 503 },
        { attempt: 4, status: 200, error: 'ECONNRESET' },
      ],
    })
  })

  it('resumes from the last key as long as truncated bodies contain new rows', async () => {
    let next = 0
    const server = pages(() => {
      next += 1
      // The last row repeats, because the page starts at its key.
      if (next > 8) return new Response(`${head}[8],[9]],"limit":3,"hasMore":false}`, json)
      return truncated(`${head}[${next - 1}],[${next}],[${next}`)
    })
    expect(await read(server.client({ retry: { maxAttempts: 2, initialDelay: 1, maxDelay: 1 } }))).toEqual(
      Array.from({ length: 10 }, (_, n) => n),
    )
    expect(pageRequests(server)).toBe(9)
  })

  it('does not retry a permanent error', async () => {
    const server = pages(() => errorResponse(400))
    const error = await failure(read(server.client()))
    expect(pageRequests(server)).toBe(1)
    expect(error).toMatchObject({ name: 'BadRequestError', attempts: [{ attempt: 1, status: 400 }] })
  })

  it('throws when a page contains only repeated rows', async () => {
    const server = pages(() => new Response(`${head}[1],[2],[3]],"limit":3,"hasMore":true}`, json))
    await expect(read(server.client())).rejects.toMatchObject({
      name: 'DecodeError',
      message: expect.stringContaining('repeated rows'),
    })
    expect(pageRequests(server)).toBe(2)
  })

  it("throws the caller's reason while it waits for a retry", async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const server = pages(() => {
      queueMicrotask(() => setImmediate(() => controller.abort(reason)))
      return truncated(head)
    })
    const retry = { maxAttempts: 5, initialDelay: 60_000, maxDelay: 60_000 }
    await expect(read(server.client({ retry }), { signal: controller.signal })).rejects.toBe(reason)
  })
})

describe('a streamed body', () => {
  it('throws an error that lists the attempts', async () => {
    const server = fakeServer((_, call) => (call === 1 ? errorResponse(503) : truncated(head)))
    const tiles = server.client().dashboards.streamTiles(1)
    expect(await failure(tiles[Symbol.asyncIterator]().next())).toMatchObject({
      name: 'ConnectionError',
      attempts: [
        { attempt: 1, status: 503 },
        { attempt: 2, status: 200, reason: 'the body broke off' },
      ],
    })
  })
})
