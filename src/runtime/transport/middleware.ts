import { unexpected } from '../config/check-options.ts'
import { ConfigurationError } from '../errors/posthog-error.ts'
import { secretsOf } from '../observe/secrets.ts'
import { discardBody, isResponse } from '../platform.ts'
import type { CallContext, CallState, HttpRequest } from './call.ts'
import { untilAbort } from './deadline.ts'
import { type HttpResponse, httpResponseOf, toResponse } from './http-response.ts'

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
export type Send = (outgoing: HttpRequest, run: CallState) => Promise<HttpResponse>

/** A step that leads through the user's middlewares, the first one outermost. */
export function throughMiddlewares(middlewares: readonly Middleware[], send: Send): Send {
  return async (outgoing, run) => {
    const last: Next = async (request) => {
      const changed = await fromRequest(request)
      // A middleware may attach credentials of its own, such as those of a proxy.
      secretsOf(run).addNamed(Object.entries(changed.headers))
      return toResponse(await send(changed, run))
    }
    const chain = middlewares.reduceRight<Next>((next, middleware) => {
      return async (request) => middleware(request, next, run)
    }, last)
    // What they wait for may know nothing of the call.
    const response = await untilAbort(chain(toRequest(outgoing)), run.deadline, (late) => {
      if (isResponse(late)) discardBody(late)
    })
    if (!isResponse(response)) {
      const fix = 'Return what `next(request)` resolves with, or a Response of your own.'
      throw unexpected('What a middleware returned', response, 'a Response', fix)
    }
    const answer = httpResponseOf(response)
    if (answer === undefined && response.bodyUsed) throw alreadyRead('response', 'returned', 'return')
    const { status, headers } = response
    return answer ?? { status, headers, bytes: undefined, response }
  }
}

/** Bodies by the requests that were made of them, so that one request may be sent more than once. */
const bodies = new WeakMap<Request, HttpRequest['body']>()

function toRequest({ url, method, headers, body }: HttpRequest): Request {
  const request = new Request(url, { method, headers, body: body ?? null, redirect: 'manual' })
  bodies.set(request, body)
  return request
}

async function fromRequest(request: Request): Promise<HttpRequest> {
  if (!isRequest(request)) {
    throw unexpected('What a middleware passed to `next`', request, 'a Request', 'Call `next(request)`.')
  }
  if (!bodies.has(request)) {
    if (request.bodyUsed) throw alreadyRead('request', 'passed on', 'pass on')
    const bytes = new Uint8Array(await request.arrayBuffer())
    bodies.set(request, bytes.byteLength === 0 ? undefined : bytes)
  }
  const { method, url, headers: given } = request
  const body = bodies.get(request)
  const headers = Object.fromEntries(given)
  fixFormType(headers, body)
  return { method, url, headers, body }
}

/** A `Request`, also of another realm or package. */
function isRequest(value: unknown): value is Request {
  const { method, url, headers } = Object(value)
  return typeof method === 'string' && typeof url === 'string' && typeof Object(headers).get === 'function'
}

/**
 * Makes the content type of a form name the boundary that its body has. A `Request` chooses a boundary of its own for a
 * FormData, and so does `fetch`; a middleware that replaces a form copies the boundary of the first.
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

/** Bytes of the first line of a form at most: a boundary has up to 70 characters (RFC 2046, 5.1.1). */
const longestBoundary = 74

function alreadyRead(what: string, done: string, act: string): ConfigurationError {
  return new ConfigurationError({
    message: `A middleware read the body of the ${what} that it ${done}.`,
    fix: `Read \`${what}.clone()\`, or ${act} a new ${what === 'request' ? 'Request' : 'Response'}.`,
  })
}
