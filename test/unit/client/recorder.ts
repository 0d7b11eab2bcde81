import { createClient, type TypehogClient } from '../../../src/client/create-client.ts'
import type { ClientOptions } from '../../../src/runtime/config/options.ts'

export const key = 'phx_Secret0123456789abcdef'
export const host = 'https://posthog.test'

/** What a server would have received. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

export interface Recorder {
  readonly received: Received[]
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

/** A `fetch` that answers in turn, the last answer again and again, and keeps what it was sent. */
export function recorder(...answers: readonly (() => Response)[]): Recorder {
  const received: Received[] = []
  return {
    received,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const { method, url, headers } = request
      received.push({ method, url, headers, body: await request.text() })
      return (answers[received.length - 1] ?? answers.at(-1) ?? (() => json({})))()
    },
  }
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** A client of project 7 whose waits are short and whose log is dropped. */
export function clientOf({ fetch }: Recorder, options: ClientOptions = {}): TypehogClient {
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
