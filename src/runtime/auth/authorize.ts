import { publicHost } from '../config/host.ts'
import type { Config } from '../config/resolve.ts'
import { ConfigurationError } from '../errors/posthog-error.ts'
import type { CallState, HttpRequest } from '../transport/call.ts'
import { untilAbort } from '../transport/deadline.ts'
import type { HttpResponse } from '../transport/http-response.ts'
import type { Send } from '../transport/middleware.ts'
import { currentKey, keySourceOf, refuseKey } from './credential.ts'

/**
 * Attaches the key and the client's headers. It comes after every middleware had its say, and looks at the origin
 * first: the key goes to the configured one only.
 */
export function withBearer(config: Config, send: Send): Send {
  const { userAgent, origin } = config
  const publicOrigin = new URL(publicHost(config.host)).origin
  const common = { ...(userAgent === undefined ? {} : { 'user-agent': userAgent }), ...config.headers }
  const sendWith = (authorization: string, outgoing: HttpRequest, run: CallState): ReturnType<Send> => {
    refuseOtherOrigins(outgoing, origin, run.operation)
    const { method, url, headers, body } = outgoing
    return send({ method, url, headers: { ...common, ...headers, authorization }, body }, run)
  }
  const sendBare: Send = (outgoing, run) => {
    refuseOtherOrigins(outgoing, publicOrigin, run.operation)
    const { method, url, headers, body } = outgoing
    const { authorization: _, ...bare } = headers
    return send({ method, url, headers: { ...common, ...bare }, body }, run)
  }
  const source = keySourceOf(config)
  if (typeof source === 'string') {
    const authorization = `Bearer ${source}`
    return (outgoing, run) => {
      return run.call.public ? sendBare(outgoing, run) : sendWith(authorization, outgoing, run)
    }
  }
  return async (outgoing, run) => {
    if (run.call.public) return sendBare(outgoing, run)
    return sendRenewable(config, run, (key) => sendWith(`Bearer ${key}`, outgoing, run))
  }
}

function refuseOtherOrigins({ url }: HttpRequest, allowed: string, operation: string): void {
  // With the slash after it, this can only be the origin itself.
  if (url.startsWith(`${allowed}/`)) return
  const { origin } = new URL(url)
  if (origin === allowed) return
  throw new ConfigurationError({
    message: `${operation} was to be sent to ${origin}; the client belongs to ${allowed}.`,
    fix: 'Make a second client for the other host.',
  })
}

/**
 * Sends a request with a key that can be renewed. When PostHog does not know it, the request is sent once more with the
 * new one: a request that was refused with 401 did nothing.
 */
export async function sendRenewable(
  config: Config,
  run: CallState,
  send: (key: string) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const key = await untilAbort(currentKey(config, run), run.deadline)
  const answer = await send(key)
  if (answer.status !== 401 || !refuseKey(config, key)) return answer
  const renewed = await untilAbort(currentKey(config, run), run.deadline)
  return renewed === key ? answer : send(renewed)
}
