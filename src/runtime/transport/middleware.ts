import type { Answer } from './answer.ts'
import type { CallContext, CallRun } from './context.ts'
import type { Outgoing } from './outgoing.ts'

/** Passes the request on and resolves with its answer. */
export type Next = (request: Request) => Promise<Response>

/**
 * Wraps each attempt of each call.
 *
 * It runs once per attempt, before the key is attached: it never sees the key, and headers that it sets are sent.
 * It may change the request by handing `next` another one (on the client's own origin), answer by itself without
 * calling `next`, or call `next` again. It sees answers of every status; failures of the connection and timeouts
 * reject. What it throws itself ends the call and is not retried. A body that it wants to read, it has to clone.
 *
 * @example
 * ```ts
 * const traced: Middleware = (request, next, context) => {
 *   request.headers.set('traceparent', currentTrace())
 *   return next(request)
 * }
 * ```
 */
export type Middleware = (request: Request, next: Next, context: CallContext) => Promise<Response>

/** One step on the way of a request, which ends with `fetch`. */
export type Send = (outgoing: Outgoing, run: CallRun) => Promise<Answer>
