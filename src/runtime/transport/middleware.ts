import { unexpected } from '../config/check-options.ts'
import { ConfigurationError } from '../errors/posthog-error.ts'
import { secretsOf } from '../observe/secrets.ts'
import { discardBody, isResponse } from '../platform.ts'
import type { CallContext, CallState, HttpRequest } from './call.ts'
import { untilAbort } from './deadline.ts'
import { type HttpResponse, httpResponseOf, toResponse } from './http-response.ts'

/** Sends the request to the next step and resolves with the response. */
export type Next = (request: Request) => Promise<Response>

/**
 * Wraps each attempt of each call.
 *
 * A middleware runs before Typehog attaches the key, so it never sees the key. It can set headers, pass another request
 * to `next` (to the client's own origin), return its own response without `next`, or call `next` several times. `next`
 * resolves with responses of every status, and rejects for connection errors and timeouts. An error of the middleware
 * ends the call without a retry. Clone a request or response to read its body.
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

/** One step of the pipeline. The last one calls `fetch`. */
export type Send = (request: HttpRequest, state: CallState) => Promise<HttpResponse>

/** Creates a step that runs the user's middleware, the first one outermost. */
export function withMiddleware(middlewares: readonly Middleware[], send: Send): Send {
  return async (request, state) => {
    const last: Next = async (request) => {
      const changed = await fromRequest(request)
      // A middleware may attach credentials of its own, such as those of a proxy.
      secretsOf(state).addNamed(Object.entries(changed.headers))
      return toResponse(await send(changed, state))
    }
    const chain = middlewares.reduceRight<Next>((next, middleware) => {
      return async (request) => middleware(request, next, state)
    }, last)
    // A middleware may wait without the call's signal.
    const response = await untilAbort(chain(toRequest(request)), state.deadline, (late) => {
      if (isResponse(late)) discardBody(late)
    })
    if (!isResponse(response)) {
      const fix = 'Return the response of `next(request)`, or your own Response.'
      throw unexpected('The result of a middleware', response, 'a Response', fix)
    }
    const httpResponse = httpResponseOf(response)
    if (httpResponse === undefined && response.bodyUsed) throw bodyUsedError('response', 'returned', 'return')
    const { status, headers } = response
    return httpResponse ?? { status, headers, bytes: undefined, response }
  }
}

/** Original bodies by request, so that a request can be sent more than once. */
const bodies = new WeakMap<Request, HttpRequest['body']>()

function toRequest({ url, method, headers, body }: HttpRequest): Request {
  const request = new Request(url, { method, headers, body: body ?? null, redirect: 'manual' })
  bodies.set(request, body)
  return request
}

async function fromRequest(request: Request): Promise<HttpRequest> {
  if (!isRequest(request)) {
    throw unexpected('The argument of `next`', request, 'a Request', 'Call `next(request)`.')
  }
  if (!bodies.has(request)) {
    if (request.bodyUsed) throw bodyUsedError('request', 'passed on', 'pass on')
    const bytes = new Uint8Array(await request.arrayBuffer())
    bodies.set(request, bytes.byteLength === 0 ? undefined : bytes)
  }
  const { method, url, headers: given } = request
  const body = bodies.get(request)
  const headers = Object.fromEntries(given)
  fixFormType(headers, body)
  return { method, url, headers, body }
}

/** Whether a value is a `Request`, also from another realm or package. */
function isRequest(value: unknown): value is Request {
  const { method, url, headers } = Object(value)
  return typeof method === 'string' && typeof url === 'string' && typeof Object(headers).get === 'function'
}

/**
 * Sets the boundary in the content type of a form to that of its body. `Request` and `fetch` each choose a new boundary
 * for a FormData, and a middleware that replaces a form copies the first one.
 */
function fixFormType(headers: Record<string, string>, body: HttpRequest['body']): void {
  if (body instanceof FormData) delete headers['content-type']
  const type = headers['content-type'] ?? ''
  if (!(body instanceof Uint8Array) || !/^multipart\/form-data\b/i.test(type)) return
  const [, boundary] =
    /^--([^\r\n]+)\r\n/.exec(new TextDecoder().decode(body.subarray(0, longestBoundary))) ?? []
  if (boundary === undefined || type.includes(boundary)) return
  headers['content-type'] = `multipart/form-data; boundary=${boundary}`
}

/** Maximum bytes of a form's first line: a boundary has up to 70 characters (RFC 2046, 5.1.1). */
const longestBoundary = 74

function bodyUsedError(what: string, done: string, act: string): ConfigurationError {
  return new ConfigurationError({
    message: `A middleware ${done} a ${what} whose body it has read.`,
    fix: `Read \`${what}.clone()\`, or ${act} a new ${what === 'request' ? 'Request' : 'Response'}.`,
  })
}
