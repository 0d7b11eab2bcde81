/** The requests that a fault applies to. */
export interface FaultTarget {
  /** HTTP method such as `POST`. Default: any. */
  readonly method?: string
  /** A substring of the path with its query string, or a pattern for it. Default: any. */
  readonly path?: string | RegExp
  /** Number of matching requests to skip before the first affected one. Default: 0. */
  readonly skip?: number
  /** Number of affected requests; `Infinity` for all that follow. Default: 1. */
  readonly times?: number
}

/** The effect of a fault on a request. Omitted options change nothing. */
export interface FaultEffect {
  /** Responds with this status. PostHog does not see the request. */
  readonly status?: number
  /** Response headers to add or replace. */
  readonly headers?: Readonly<Record<string, string>>
  /** Response body: text, bytes, or a value to send as JSON. */
  readonly body?: unknown
  /** Milliseconds before the response starts. */
  readonly delayMs?: number
  /**
   * Resets the connection: before the response, after its headers, or within its body. PostHog has handled the request
   * by then, so writes take effect. With `unseen`, PostHog does not handle the request.
   */
  readonly reset?: 'before-headers' | 'after-headers' | 'mid-body' | 'unseen'
  /** Stops sending at this point and keeps the connection open until one side gives up. */
  readonly stall?: 'headers' | 'body'
  /** Closes the connection cleanly after this many bytes of the body. */
  readonly cutAfterBytes?: number
  /** Sends the body in chunks. */
  readonly drip?: { readonly bytes: number; readonly everyMs: number }
  /** Compresses the body. Over HTTP only: `handle` returns the decompressed body, like `fetch`. */
  readonly gzip?: boolean
}

/** A simulated failure, and the requests that it affects. */
export interface Fault extends FaultTarget, FaultEffect {}

/** Validates a fault. Throws a RangeError for an option outside its range. */
export function validateFault(fault: Fault): void {
  const { skip = 0, times = 1, status, cutAfterBytes = 0, delayMs = 0 } = fault
  if (!Number.isInteger(skip) || skip < 0) throw rangeError('skip', skip, 'a non-negative integer')
  if (times !== Number.POSITIVE_INFINITY && (!Number.isInteger(times) || times < 1)) {
    throw rangeError('times', times, 'a positive integer or Infinity')
  }
  if (status !== undefined && (!Number.isInteger(status) || status < 200 || status > 599)) {
    throw rangeError('status', status, 'an HTTP status from 200 to 599')
  }
  if (!Number.isInteger(cutAfterBytes) || cutAfterBytes < 0) {
    throw rangeError('cutAfterBytes', cutAfterBytes, 'a non-negative integer')
  }
  if (!Number.isFinite(delayMs) || delayMs < 0) {
    throw rangeError('delayMs', delayMs, 'a non-negative number of milliseconds')
  }
  const { bytes = 1, everyMs = 0 } = fault.drip ?? {}
  if (!(Number.isInteger(bytes) && bytes >= 1 && Number.isFinite(everyMs) && everyMs >= 0)) {
    throw rangeError(
      'drip',
      JSON.stringify(fault.drip),
      '{ bytes, everyMs } with a positive integer and a non-negative number',
    )
  }
}

function rangeError(name: string, value: unknown, expected: string): RangeError {
  return new RangeError(`Expected \`${name}\` of a fault to be ${expected}, got ${String(value)}.`)
}
