/** A request that a local PostHog received. */
export interface ReceivedRequest {
  readonly method: string
  /** Path with the query string. */
  readonly path: string
  /** Kind and last four characters of the key, such as `phx_…0042`. Undefined when the request has none. */
  readonly key: string | undefined
  /** The parsed JSON body, or its text when it is not JSON. Undefined when the request has none. */
  readonly body: unknown
  /** Status of the response. Undefined before it is sent, and when the connection broke first. */
  readonly status: number | undefined
  /** Time of arrival, by the clock of the local PostHog. */
  readonly receivedAt: Date
}

/** Maximum number of requests in the log. It drops the oldest. */
const MAX_REQUESTS = 10_000

/** The requests that a local PostHog received, oldest first. */
export interface RequestLog {
  readonly requests: readonly ReceivedRequest[]
  /** Removes all requests. They count as dropped. */
  clear(): void
  /** Number of requests that the log has dropped. */
  readonly dropped: number
  /** Adds a request. The returned function records the status of its response. */
  add(request: Request): Promise<(status: number) => void>
}

/** Creates an empty log. It redacts keys in headers, paths and bodies. */
export function createRequestLog(now: () => Date): RequestLog {
  const requests: { -readonly [Name in keyof ReceivedRequest]: ReceivedRequest[Name] }[] = []
  let dropped = 0
  return {
    requests,
    clear: () => {
      dropped += requests.length
      requests.length = 0
    },
    get dropped() {
      return dropped
    },
    async add(request) {
      const { pathname, search } = new URL(request.url)
      const entry = {
        method: request.method,
        path: redact(pathname + search),
        key: bearerKey(request.headers.get('authorization')),
        body: undefined as unknown,
        status: undefined as number | undefined,
        receivedAt: now(),
      }
      requests.push(entry)
      if (requests.length > MAX_REQUESTS) {
        requests.shift()
        dropped += 1
      }
      if (request.body !== null) entry.body = parseBody(redact(await request.clone().text()))
      return (status) => {
        entry.status = status
      }
    },
  }
}

function bearerKey(authorization: string | null): string | undefined {
  const key = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  return key && redact(key)
}

/** Redacts private keys except their kind and last four characters. */
function redact(text: string): string {
  return text.replace(/\b(ph[xsar]_)\w*?(\w{0,4})\b/g, '$1…$2')
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text === '' ? undefined : text
  }
}
