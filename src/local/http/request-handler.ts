import { faultyAnswer } from '../faults/faulty-answer.ts'
import type { PlayedScript } from '../faults/script.ts'
import type { RequestLog } from './request-log.ts'

/** An answer on its way out. */
export interface Reply {
  readonly response: Response
  /** Whether a fault has a say: the body is played then, and not sent in one piece. */
  readonly faulty: boolean
  /** Whether the body is to be compressed. */
  readonly gzip: boolean
}

/**
 * What a request meets first: the log, then the fault script, then PostHog.
 *
 * Rejects with a ConnectionReset when there is to be no answer. `gone` aborts when nobody waits for it any more.
 */
export type RequestHandler = (request: Request, gone: AbortSignal) => Promise<Reply>

/** Puts log and script in front of a handler. */
export function createRequestHandler(
  handle: (request: Request) => Promise<Response>,
  script: PlayedScript,
  log: RequestLog,
): RequestHandler {
  return async (request, gone) => {
    const answered = await log.note(request)
    const { pathname, search } = new URL(request.url)
    const fault = script.next(request.method, pathname + search)
    const response =
      fault === undefined ? await handle(request) : await faultyAnswer(fault, () => handle(request), gone)
    answered(response.status)
    return { response, faulty: fault !== undefined, gzip: fault?.gzip === true }
  }
}
