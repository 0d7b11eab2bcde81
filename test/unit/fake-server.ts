import { gunzipSync } from 'node:zlib'
import { createClient, type TypehogClient } from '../../src/client/create-client.ts'
import type { ClientOptions } from '../../src/runtime/config/options.ts'

// A fake of PostHog's API for unit tests: a `fetch` that records requests and returns the responses of a test.

export const key = 'phx_Secret0123456789abcdef'
export const host = 'https://posthog.test'

/** A request as a server receives it, with its body decompressed. */
export interface RecordedRequest {
  readonly method: string
  readonly url: string
  readonly origin: string
  /** Path and query string, without the project. */
  readonly path: string
  readonly headers: Headers
  /** The body as text. */
  readonly text: string
  /** The body as JSON; empty without a JSON object. */
  readonly body: Readonly<Record<string, unknown>>
}

export interface FakeServer {
  readonly requests: RecordedRequest[]
  /** Method and path of each request. */
  readonly lines: () => string[]
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** A client of project 7 without rate limits. */
  readonly client: (options?: ClientOptions) => TypehogClient
}

/** A server that responds with a function of the request and of the number of requests so far. */
export function fakeServer(
  respond: (request: RecordedRequest, call: number) => Response | Promise<Response>,
): FakeServer {
  const requests: RecordedRequest[] = []
  const fetch: FakeServer['fetch'] = async (input, init) => {
    const request = new Request(input, init)
    const { method, url, headers } = request
    const bytes = Buffer.from(await request.arrayBuffer())
    const text = (headers.get('content-encoding') === 'gzip' ? gunzipSync(bytes) : bytes).toString()
    const { origin, pathname, search } = new URL(url)
    const path = pathname.replace('/api/projects/7/', '/') + search
    let body: RecordedRequest['body'] | undefined
    const recorded: RecordedRequest = {
      method,
      url,
      origin,
      path,
      headers,
      text,
      // Parsed on first access, because some tests send 20 MB.
      get body() {
        body ??= text.startsWith('{') ? JSON.parse(text) : {}
        return body ?? {}
      },
    }
    requests.push(recorded)
    return respond(recorded, requests.length)
  }
  return {
    requests,
    fetch,
    lines: () => requests.map(({ method, path }) => `${method} ${path}`),
    client: (options) => clientOf({ fetch }, { limits: false, ...options }),
  }
}

/** A server that responds in turn and repeats the last response. Without responses it sends `{}`. */
export function scriptedServer(...responses: readonly (() => Response)[]): FakeServer {
  return fakeServer((_, call) => (responses[call - 1] ?? responses.at(-1) ?? (() => json({})))())
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** A client of project 7 with short waits and without a log. */
export function clientOf({ fetch }: Pick<FakeServer, 'fetch'>, options: ClientOptions = {}): TypehogClient {
  return createClient({
    apiKey: key,
    host,
    projectId: 7,
    logger: silent,
    retry: { initialDelay: 1, maxDelay: 1 },
    fetch,
    ...options,
  })
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers })
}

/** An error response in PostHog's format. */
export function errorResponse(status: number, fields: Readonly<Record<string, unknown>> = {}): Response {
  return json({ type: 'validation_error', code: 'error', detail: 'x', attr: null, ...fields }, status)
}

/** The list of projects, with the project of the client. */
export const projects: Readonly<Record<'count' | 'next' | 'previous', unknown>> & {
  readonly results: readonly object[]
} = {
  count: 1,
  next: null,
  previous: null,
  results: [{ id: 7, name: 'Seven', organization: 'org-1', api_token: 'phc_seven' }],
}
