/** A request that a local PostHog received. */
export interface ReceivedRequest {
  readonly method: string
  /** With its query string. */
  readonly path: string
  /** Kind and last four characters of the key, such as `phx_…0042`; undefined when there was none. */
  readonly key: string | undefined
  /** The JSON value of the body, or else its text; undefined when there was none. */
  readonly body: unknown
  /** Status of the answer; undefined until there is one, and when the connection broke before. */
  readonly status: number | undefined
}

/** Requests that are kept; older ones are forgotten. */
const most = 10_000

/** What a local PostHog received, oldest first. */
export interface RequestLog {
  readonly requests: readonly ReceivedRequest[]
  /** Notes a request. What it returns notes the status of its answer. */
  note(request: Request): Promise<(status: number) => void>
}

/** An empty log. Keys are blotted out in all of it. */
export function createRequestLog(): RequestLog {
  const requests: { -readonly [Name in keyof ReceivedRequest]: ReceivedRequest[Name] }[] = []
  return {
    requests,
    async note(request) {
      const { pathname, search } = new URL(request.url)
      const entry = {
        method: request.method,
        path: blot(pathname + search),
        key: nameOf(request.headers.get('authorization')),
        body: undefined as unknown,
        status: undefined as number | undefined,
      }
      requests.push(entry)
      if (requests.length > most) requests.shift()
      if (request.body !== null) entry.body = parse(blot(await request.clone().text()))
      return (status) => {
        entry.status = status
      }
    },
  }
}

function nameOf(authorization: string | null): string | undefined {
  const key = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  return key && blot(key)
}

/** Leaves kind and last four characters of private keys. */
function blot(text: string): string {
  return text.replace(/\b(ph[xsar]_)\w*?(\w{0,4})\b/g, '$1…$2')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text === '' ? undefined : text
  }
}
