import { describe, expect, it } from 'vitest'
import { hogql, type TypehogClient } from '../../../../src/index.ts'
import { errorResponse, type FakeServer, fakeServer, type RecordedRequest } from '../../fake-server.ts'
import { failure } from '../../runtime/harness.ts'

const query = hogql<{ n: number }>`select n from t`
const head = '{"columns":["n"],"types":[["n","UInt64"]],"results":['
const isDescription = ({ body }: RecordedRequest): boolean => Object(body['query'])['values']?.p0 === 0
const reset = (): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })

/** Answers the pages of a stream; the columns are known. */
const pages = (answer: (call: number, asked: RecordedRequest) => Response): FakeServer => {
  let calls = 0
  return fakeServer((asked) => {
    if (isDescription(asked)) return new Response(`${head}]}`, json)
    calls += 1
    return answer(calls, asked)
  })
}
const json = { headers: { 'content-type': 'application/json' } }

/** A body that breaks off behind some text. */
const broken = (text: string): Response => {
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
const requests = ({ requests: asked }: FakeServer): number =>
  asked.filter((one) => !isDescription(one)).length

describe('a stream of pages', () => {
  it.each([1, 3, 5])(
    'sends a page that gets no answer %i times, as `maxAttempts` says',
    async (maxAttempts) => {
      const server = pages(() => {
        throw reset()
      })
      const retry = { maxAttempts, initialDelay: 1, maxDelay: 1 }
      const error = await failure(read(server.client({ retry })))
      expect(error).toMatchObject({ name: 'ConnectionError' })
      expect(requests(server)).toBe(maxAttempts)
      expect(error['attempts']).toHaveLength(maxAttempts)
    },
  )

  it.each([1, 3])('counts a body that breaks off as one attempt of %i', async (maxAttempts) => {
    const server = pages(() => broken(head))
    const error = await failure(read(server.client(), { maxAttempts }))
    expect(requests(server)).toBe(maxAttempts)
    expect(error['attempts']).toEqual(
      Array.from({ length: maxAttempts }, (_, at) => ({
        attempt: at + 1,
        status: 200,
        error: 'ECONNRESET',
        waitMs: expect.any(Number),
        reason: 'the body broke off',
      })),
    )
  })

  it('counts refusals and broken bodies of one page together', async () => {
    const server = pages((call) => (call % 2 === 1 ? errorResponse(503) : broken(head)))
    const error = await failure(
      read(server.client({ retry: { maxAttempts: 4, initialDelay: 1, maxDelay: 1 } })),
    )
    expect(requests(server)).toBe(4)
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

  it('goes on from the last key as often as bodies break off behind new rows', async () => {
    let next = 0
    const server = pages(() => {
      next += 1
      // The row in question comes again, since the page begins at its key.
      if (next > 8) return new Response(`${head}[8],[9]],"limit":3,"hasMore":false}`, json)
      return broken(`${head}[${next - 1}],[${next}],[${next}`)
    })
    expect(await read(server.client({ retry: { maxAttempts: 2, initialDelay: 1, maxDelay: 1 } }))).toEqual(
      Array.from({ length: 10 }, (_, n) => n),
    )
    expect(requests(server)).toBe(9)
  })

  it('does not repeat what PostHog refuses for good', async () => {
    const server = pages(() => errorResponse(400))
    const error = await failure(read(server.client()))
    expect(requests(server)).toBe(1)
    expect(error).toMatchObject({ name: 'BadRequestError', attempts: [{ attempt: 1, status: 400 }] })
  })

  it('ends when a page brings nothing but rows that came before', async () => {
    const server = pages(() => new Response(`${head}[1],[2],[3]],"limit":3,"hasMore":true}`, json))
    await expect(read(server.client())).rejects.toMatchObject({
      name: 'DecodeError',
      message: expect.stringContaining('repeated rows'),
    })
    expect(requests(server)).toBe(2)
  })

  it("ends with the caller's reason while it waits to go on", async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const server = pages(() => {
      queueMicrotask(() => setImmediate(() => controller.abort(reason)))
      return broken(head)
    })
    const retry = { maxAttempts: 5, initialDelay: 60_000, maxDelay: 60_000 }
    await expect(read(server.client({ retry }), { signal: controller.signal })).rejects.toBe(reason)
  })
})

describe('a streamed body', () => {
  it('ends with an error that lists the attempts', async () => {
    const server = fakeServer((_, call) => (call === 1 ? errorResponse(503) : broken(head)))
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
