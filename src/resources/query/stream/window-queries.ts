import type { CellResponse } from './stream-cells.ts'

/** A response and the milliseconds until it arrived. */
export interface TimedResponse {
  readonly cells: CellResponse
  readonly ms: number
}

/** A query that was sent, and the range of its rows in milliseconds since 1970. */
interface SentQuery {
  readonly since: number
  readonly until: number
  readonly response: Promise<TimedResponse>
}

/** The queries of a stream: of the current page, and of the time windows after it. */
export interface WindowQueries {
  /** Start of the first later window whose query was sent; infinite if there is none. */
  readonly start: number
  /** Takes the query of the window that starts at a time, if it was sent. */
  take(since: number | undefined): SentQuery | undefined
  /**
   * Sends the query of the current page as soon as fewer than `concurrency` queries run. Its error never counts as
   * unhandled.
   */
  send(query: () => Promise<CellResponse>): Promise<TimedResponse>
  /** Sends the queries of windows from a time on: up to `concurrency` at once, now and whenever one ends. */
  sendFrom(since: number): void
}

/** Options of the queries. Times are in milliseconds since 1970. */
export interface WindowQueryOptions {
  readonly concurrency: number
  /** End of the whole range. */
  readonly to: number
  readonly monotonic: () => number
  /** Returns the end of the window that starts at a time. */
  readonly end: (since: number) => number
  /** Sends the query of a window. */
  readonly request: (since: number, until: number) => Promise<CellResponse>
}

/**
 * Creates the queries of a stream. The bodies of later windows stay unread until their turn, so that no rows are
 * buffered. At most `concurrency` queries run, and twice as many are ahead of the reader: while it reads a window,
 * PostHog computes the next ones.
 */
export function createWindowQueries(options: WindowQueryOptions): WindowQueries {
  const { concurrency, to, monotonic, end, request } = options
  const sent: SentQuery[] = []
  let running = 0
  let position = to
  /** Passes the place of a query that ended to the waiting query of the current page. */
  let passPlace: (() => void) | undefined
  const run = async (query: () => Promise<CellResponse>): Promise<TimedResponse> => {
    const startedAt = monotonic()
    try {
      return { cells: await query(), ms: monotonic() - startedAt }
    } finally {
      if (passPlace === undefined) {
        running -= 1
        fill()
      } else {
        passPlace()
        passPlace = undefined
      }
    }
  }
  const fill = (): void => {
    let since = position
    for (let index = 0; running < concurrency && since < to; index++) {
      const next = sent[index]
      if (next?.since !== since) {
        if (sent.length >= 2 * concurrency) return
        sent.splice(index, 0, sendWindow(since, Math.min(end(since), next?.since ?? to)))
      }
      since = sent[index]?.until ?? to
    }
  }
  const waitForPlace = async (): Promise<void> => {
    if (running < concurrency) running += 1
    else {
      await new Promise<void>((resolve) => {
        passPlace = resolve
      })
    }
  }
  const send = (query: () => Promise<CellResponse>): Promise<TimedResponse> => {
    const response = waitForPlace().then(() => run(query))
    // An error surfaces in its turn. Until then, it must not count as unhandled.
    response.catch(() => {})
    return response
  }
  const sendWindow = (since: number, until: number): SentQuery => {
    return { since, until, response: send(() => request(since, until)) }
  }
  return {
    get start() {
      return sent[0]?.since ?? Number.POSITIVE_INFINITY
    },
    take: (since) => (sent[0]?.since === since ? sent.shift() : undefined),
    send,
    sendFrom(since) {
      position = since
      fill()
    },
  }
}
