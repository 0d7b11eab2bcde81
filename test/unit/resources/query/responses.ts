import { errorResponse, type FakeServer, fakeServer, type RecordedRequest } from '../../fake-server.ts'

/** An answer of one row. */
export const rowOf = (n: number): Response =>
  Response.json({ columns: ['n'], types: [['n', 'UInt8']], results: [[n]], limit: 100 })

/** The status of a query that runs. */
export const running = (): Response => Response.json({ query_status: { complete: false } }, { status: 202 })

/** A server whose answers a test gives by hand, and which notes the requests that were aborted. */
export interface HeldServer extends FakeServer {
  /** Answers the oldest request that waits. */
  answer(response: Response): void
  /** How many requests were aborted while they waited. */
  readonly aborted: () => number
}

export function heldServer(): HeldServer {
  const waiting: ((response: Response) => void)[] = []
  let aborted = 0
  const server = fakeServer((_: RecordedRequest) => new Promise((resolve) => waiting.push(resolve)))
  const fetch: FakeServer['fetch'] = (url, init) => {
    init.signal?.addEventListener('abort', () => {
      aborted += 1
    })
    return server.fetch(url, init)
  }
  return {
    ...server,
    fetch,
    client: (options) => server.client({ fetch, ...options }),
    answer: (response) => waiting.shift()?.(response),
    aborted: () => aborted,
  }
}

/** Lets everything run that waits for no timer. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A refusal by a rate limit that asks for a wait of so many seconds. */
export function rateLimited(seconds: number): Response {
  const refused = errorResponse(429, { type: 'throttled_error' })
  refused.headers.set('retry-after', String(seconds))
  return refused
}
