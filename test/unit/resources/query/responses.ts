import { errorResponse, type FakeServer, fakeServer, type RecordedRequest } from '../../fake-server.ts'

/** A query response with one row. */
export const rowOf = (n: number): Response =>
  Response.json({ columns: ['n'], types: [['n', 'UInt8']], results: [[n]], limit: 100 })

/** The status of a running query. */
export const running = (): Response => Response.json({ query_status: { complete: false } }, { status: 202 })

/** A server whose requests wait until the test responds. */
export interface ManualServer extends FakeServer {
  /** Responds to the oldest waiting request. */
  respond(response: Response): void
  /** Number of aborted requests. */
  readonly aborted: () => number
}

export function manualServer(): ManualServer {
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
    respond: (response) => waiting.shift()?.(response),
    aborted: () => aborted,
  }
}

/** A throttle with `Retry-After` in seconds. */
export function rateLimited(seconds: number): Response {
  const response = errorResponse(429, { type: 'throttled_error' })
  response.headers.set('retry-after', String(seconds))
  return response
}
