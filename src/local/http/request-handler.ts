import { applyFault } from '../faults/apply-fault.ts'
import type { FaultMatcher } from '../faults/fault-script.ts'
import type { RequestLog } from './request-log.ts'

/** A response and how to send it. */
export interface HttpReply {
  readonly response: Response
  /** Whether a fault applies. Then the body is streamed, because reading it plays the fault. */
  readonly hasFault: boolean
  /** Whether to compress the body. */
  readonly gzip: boolean
}

/**
 * Handles a request: records it, applies a fault, or passes it to the API.
 *
 * Rejects with a ConnectionReset when a fault prevents the response. `signal` aborts when the client disconnects.
 */
export type RequestHandler = (request: Request, signal: AbortSignal) => Promise<HttpReply>

/** Adds the request log and the faults to an API handler. */
export function createRequestHandler(
  handle: (request: Request) => Promise<Response>,
  faults: FaultMatcher,
  log: RequestLog,
): RequestHandler {
  return async (request, signal) => {
    const recordStatus = await log.add(request)
    const { pathname, search } = new URL(request.url)
    const fault = faults.match(request.method, pathname + search)
    const response =
      fault === undefined ? await handle(request) : await applyFault(fault, () => handle(request), signal)
    recordStatus(response.status)
    return { response, hasFault: fault !== undefined, gzip: fault?.gzip === true }
  }
}
