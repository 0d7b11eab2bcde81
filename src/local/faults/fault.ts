/** Which requests a fault is for. */
export interface FaultTarget {
  /** Such as `POST`. Default: any. */
  readonly method?: string
  /** A part of the path with its query string, or a pattern for it. Default: any. */
  readonly path?: string | RegExp
  /** Requests that fit and are spared before the first one that is hit. Default 0. */
  readonly skip?: number
  /** Requests that are hit; `Infinity` for all that follow. Default 1. */
  readonly times?: number
}

/** What happens to a request. What is left out is as without the fault. */
export interface FaultEffect {
  /** Answers with this status in place of PostHog, which does not see the request then. */
  readonly status?: number
  /** Added to the headers of the answer, in place of those with the same names. */
  readonly headers?: Readonly<Record<string, string>>
  /** Body of the answer: a text, bytes, or a value that is sent as JSON. */
  readonly body?: unknown
  /** Milliseconds until the answer begins. */
  readonly delayMs?: number
  /**
   * Breaks the connection: before the answer, after its headers, or within its body. PostHog has worked on the request
   * by then, so that a write is done all the same; with `unseen` it has not.
   */
  readonly reset?: 'before-headers' | 'after-headers' | 'mid-body' | 'unseen'
  /** Falls silent at this point and stays so until one side gives up. */
  readonly stall?: 'headers' | 'body'
  /** Ends the connection politely after so many bytes of the body. */
  readonly cutAfterBytes?: number
  /** Sends the body piece by piece. */
  readonly drip?: { readonly bytes: number; readonly everyMs: number }
  /** Compresses the body. Over HTTP only: `handle` gives what a `fetch` would have unpacked. */
  readonly gzip?: boolean
}

/** Something that goes wrong, and when. */
export interface Fault extends FaultTarget, FaultEffect {}

/** The rules of all faults, as they are added. */
export function checkFault(fault: Fault): void {
  const { skip = 0, times = 1, status, cutAfterBytes = 0, delayMs = 0 } = fault
  if (!Number.isInteger(skip) || skip < 0) throw refuse('skip', skip, 'a whole number from 0')
  if (times !== Number.POSITIVE_INFINITY && (!Number.isInteger(times) || times < 1)) {
    throw refuse('times', times, 'a whole number from 1, or Infinity')
  }
  if (status !== undefined && (!Number.isInteger(status) || status < 200 || status > 599)) {
    throw refuse('status', status, 'a status from 200 to 599')
  }
  if (!Number.isInteger(cutAfterBytes) || cutAfterBytes < 0) {
    throw refuse('cutAfterBytes', cutAfterBytes, 'a whole number from 0')
  }
  if (!Number.isFinite(delayMs) || delayMs < 0) throw refuse('delayMs', delayMs, 'milliseconds from 0')
  const { bytes = 1, everyMs = 0 } = fault.drip ?? {}
  if (!(Number.isInteger(bytes) && bytes >= 1 && Number.isFinite(everyMs) && everyMs >= 0)) {
    throw refuse('drip', JSON.stringify(fault.drip), '{ bytes: from 1, everyMs: from 0 }')
  }
}

function refuse(name: string, value: unknown, wanted: string): RangeError {
  return new RangeError(`\`${name}\` of a fault is ${String(value)}. Use ${wanted}.`)
}
