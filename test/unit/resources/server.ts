import { gunzipSync } from 'node:zlib'
import type { TypehogClient } from '../../../src/client/create-client.ts'
import type { ClientOptions } from '../../../src/runtime/config/options.ts'
import { clientOf } from '../client/recorder.ts'

/** A request as a server would see it, its body unpacked. */
export interface Asked {
  readonly method: string
  readonly url: string
  readonly origin: string
  /** Path and search, without the project. */
  readonly path: string
  readonly headers: Headers
  /** What the JSON of the body says; undefined without one. */
  readonly body: Readonly<Record<string, unknown>>
  readonly text: string
}

/** A server that answers what a test says, and keeps what it was asked. */
export interface TestServer {
  readonly asked: Asked[]
  /** The method and the path of each request. */
  readonly lines: () => string[]
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly client: (options?: ClientOptions) => TypehogClient
}

export function serverOf(answer: (asked: Asked, call: number) => Response | Promise<Response>): TestServer {
  const asked: Asked[] = []
  const fetch: TestServer['fetch'] = async (input, init) => {
    const request = new Request(input, init)
    const { method, url, headers } = request
    const bytes = Buffer.from(await request.arrayBuffer())
    const text = (headers.get('content-encoding') === 'gzip' ? gunzipSync(bytes) : bytes).toString()
    const { origin, pathname, search } = new URL(url)
    const path = pathname.replace('/api/projects/7/', '/') + search
    const body = text.startsWith('{') ? JSON.parse(text) : {}
    const one = { method, url, origin, path, headers, body, text }
    asked.push(one)
    return answer(one, asked.length)
  }
  return {
    asked,
    fetch,
    lines: () => asked.map(({ method, path }) => `${method} ${path}`),
    client: (options) => clientOf({ received: [], fetch }, { limits: false, ...options }),
  }
}

/** An error as PostHog spells it. */
export function refusal(status: number, fields: Readonly<Record<string, unknown>> = {}): Response {
  const body = { type: 'validation_error', code: 'error', detail: 'x', attr: null, ...fields }
  return Response.json(body, { status })
}

/** The list of projects, in which the client's is. */
export const projects: Readonly<Record<'count' | 'next' | 'previous', unknown>> & {
  readonly results: readonly object[]
} = {
  count: 1,
  next: null,
  previous: null,
  results: [{ id: 7, name: 'Seven', organization: 'org-1', api_token: 'phc_seven' }],
}
