import type { VirtualTime } from './virtual-time.ts'

/** A server in this process that fails now and then. */
export interface FaultyServer {
  fetch(url: string, init: RequestInit): Promise<Response>
  /** Number of requests by what happened to them: `ok` or a fault. */
  readonly requests: Readonly<Record<string, number>>
  /** Number of requests without a response or an error. */
  readonly unanswered: number
  /** Number of bodies that are neither read to the end nor canceled. */
  readonly openBodies: number
}

/** Faults, with their share of all requests. */
const faults = {
  '429': 0.0002,
  '500': 0.008,
  '503': 0.004,
  reset: 0.008,
  'no response': 0.0005,
  'truncated body': 0.004,
  'broken body': 0.004,
  'slow body': 0.01,
  'stalled body': 0.0005,
} as const

type Fault = keyof typeof faults | 'ok'

const encoder = new TextEncoder()

/** Creates the server. `random` decides about latencies and faults. */
export function createFaultyServer(time: VirtualTime, random: () => number): FaultyServer {
  const requests: Record<string, number> = {}
  let unanswered = 0
  let openBodies = 0

  const pickFault = (): Fault => {
    let left = random()
    for (const [fault, share] of Object.entries(faults)) {
      left -= share
      // The keys of `faults`.
      if (left < 0) return fault as Fault
    }
    return 'ok'
  }

  /** A body in two chunks. The signal of the request ends it, as it does in undici. */
  const bodyOf = (bytes: Uint8Array, fault: Fault, signal: AbortSignal): ReadableStream<Uint8Array> => {
    const size = Math.ceil(bytes.byteLength / 2)
    const wait = fault === 'slow body' ? 600 : fault === 'stalled body' ? 1_000_000 : 0
    let sent = 0
    let abort = (): void => {}
    const ended = new AbortController()
    const close = (): void => {
      openBodies -= 1
      signal.removeEventListener('abort', abort)
      ended.abort()
    }
    openBodies += 1
    return new ReadableStream<Uint8Array>(
      {
        start(controller) {
          abort = () => {
            close()
            controller.error(signal.reason)
          }
          signal.addEventListener('abort', abort, { once: true })
        },
        async pull(controller) {
          if (wait > 0 && sent > 0) await time.sleep(wait, ended.signal).catch(() => {})
          if (ended.signal.aborted) return
          const cut = sent >= size && (fault === 'truncated body' || fault === 'broken body')
          if (cut && fault === 'broken body') {
            close()
            controller.error(resetError())
          } else if (cut || sent >= bytes.byteLength) {
            close()
            controller.close()
          } else {
            controller.enqueue(bytes.slice(sent, sent + size))
            sent += size
          }
        },
        cancel: close,
      },
      { highWaterMark: 0 },
    )
  }

  return {
    requests,
    get unanswered() {
      return unanswered
    },
    get openBodies() {
      return openBodies
    },
    async fetch(url, init) {
      const fault = pickFault()
      requests[fault] = (requests[fault] ?? 0) + 1
      const { signal } = init
      if (!signal) throw new Error('A request without a signal.')
      unanswered += 1
      try {
        await time.sleep(fault === 'no response' ? 1_000_000 : 20 + random() * 120, signal)
      } finally {
        unanswered -= 1
      }
      if (fault === 'reset') throw resetError()
      const failed = fault === '429' || fault === '500' || fault === '503'
      const body = encoder.encode(failed ? errorBody(fault) : responseTo(new URL(url), init))
      const headers: Record<string, string> = {
        'content-type': fault === '503' ? 'text/html' : 'application/json',
        'content-length': String(body.byteLength),
      }
      if (fault === '429') headers['retry-after'] = '1'
      return new Response(bodyOf(body, fault, signal), { status: failed ? Number(fault) : 200, headers })
    },
  }
}

function resetError(): TypeError {
  return new TypeError('fetch failed', {
    cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
  })
}

function errorBody(status: '429' | '500' | '503'): string {
  if (status === '503') return '<html><body>503 Service Unavailable</body></html>'
  if (status === '500')
    return '{"type":"server_error","code":"error","detail":"A server error occurred.","attr":null}'
  return '{"type":"throttled_error","code":"throttled","detail":"Request was throttled. Expected available in 1 second.","attr":null}'
}

/** Number of annotations, which the server counts, and of persons, which it does not. */
export const listed = { annotations: 57, persons: 25 } as const
/** Rows of a query. */
export const rowCount = 40

function responseTo(url: URL, { method }: RequestInit): string {
  const { pathname, searchParams } = url
  if (pathname.endsWith('/query/')) return queryBody
  if (pathname.endsWith('/run/')) return runBody
  const id = Number(pathname.split('/').at(-2))
  if (method !== 'GET' || Number.isInteger(id)) return JSON.stringify({ id, name: `object ${id}`, text })
  const isCounted = pathname.endsWith('/annotations/')
  const total = isCounted ? listed.annotations : listed.persons
  const limit = Number(searchParams.get('limit') ?? 10)
  const offset = Number(searchParams.get('offset') ?? 0)
  const results = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) => ({
    id: offset + at,
    text,
  }))
  const next =
    offset + limit < total ? `${url.origin}${pathname}?limit=${limit}&offset=${offset + limit}` : null
  return JSON.stringify({ ...(isCounted ? { count: total } : {}), next, previous: null, results })
}

const text = 'x'.repeat(100)
const rows = Array.from({ length: rowCount }, (_, at) => [at, `${at} ${text}`])
const result = { columns: ['n', 'text'], types: ['UInt64', 'String'], results: rows, hasMore: false }
const queryBody = JSON.stringify(result)
const runBody = JSON.stringify({ name: 'signups', endpoint_version: 1, ...result })
