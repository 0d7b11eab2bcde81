import { ConfigurationError } from '../errors/configuration-error.ts'
import { secretsOf } from '../observe/secrets.ts'
import { untilAbort } from './abort.ts'
import { answerBehind, release, toResponse } from './answer.ts'
import type { Middleware, Next, Send } from './middleware.ts'
import type { Outgoing } from './outgoing.ts'

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
    const response = await untilAbort(chain(toRequest(outgoing)), run.scope, (late) => {
      release({ response: late })
    })
    const answer = answerBehind(response)
    if (answer === undefined && response.bodyUsed) throw alreadyRead('response', 'returned', 'return')
    const { status, headers } = response
    return answer ?? { status, headers, bytes: undefined, response }
  }
}

/** Bodies by the requests that were made of them, so that one request may be sent more than once. */
const bodies = new WeakMap<Request, Outgoing['body']>()

function toRequest({ url, method, headers, body }: Outgoing): Request {
  const request = new Request(url, { method, headers, body: body ?? null, redirect: 'manual' })
  bodies.set(request, body)
  return request
}

async function fromRequest(request: Request): Promise<Outgoing> {
  if (!bodies.has(request)) {
    if (request.bodyUsed) throw alreadyRead('request', 'passed on', 'pass on')
    const bytes = new Uint8Array(await request.arrayBuffer())
    bodies.set(request, bytes.byteLength === 0 ? undefined : bytes)
  }
  const { method, url, headers } = request
  return { method, url, headers: Object.fromEntries(headers), body: bodies.get(request) }
}

function alreadyRead(what: string, done: string, act: string): ConfigurationError {
  return new ConfigurationError({
    message: `A middleware read the body of the ${what} that it ${done}.`,
    fix: `Read \`${what}.clone()\`, or ${act} a new ${what === 'request' ? 'Request' : 'Response'}.`,
  })
}
