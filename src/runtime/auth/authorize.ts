import { omitHeaders } from '../config/headers.ts'
import { publicHost } from '../config/host.ts'
import type { Config } from '../config/resolve.ts'
import { ConfigurationError } from '../errors/posthog-error.ts'
import type { CallState, HttpRequest } from '../transport/call.ts'
import { untilAbort } from '../transport/deadline.ts'
import type { HttpResponse } from '../transport/http-response.ts'
import type { Send } from '../transport/middleware.ts'
import { currentKey, keySourceOf, reportRejectedKey } from './credential.ts'

/**
 * Attaches the key and the client's headers. Runs after all middleware, and checks the origin first: the key is sent
 * only to the configured one.
 */
export function withBearer(config: Config, send: Send): Send {
  const { userAgent, origin } = config
  const publicOrigin = new URL(publicHost(config.host)).origin
  const common = { ...(userAgent === undefined ? {} : { 'user-agent': userAgent }), ...config.headers }
  const commonOf = ({ call: { droppedHeaders: dropped } }: CallState): Readonly<Record<string, string>> =>
    dropped === undefined ? common : omitHeaders(common, dropped)
  const sendWith = (authorization: string, request: HttpRequest, state: CallState): ReturnType<Send> => {
    assertOrigin(request, origin, state.operation)
    const { method, url, headers, body } = request
    return send(
      {
        method,
        url,
        headers: { ...commonOf(state), ...headers, authorization },
        body,
      },
      state,
    )
  }
  const sendPublic: Send = (request, state) => {
    assertOrigin(request, publicOrigin, state.operation)
    const { method, url, headers, body } = request
    const { authorization: _, ...rest } = headers
    return send({ method, url, headers: { ...commonOf(state), ...rest }, body }, state)
  }
  const source = keySourceOf(config)
  if (typeof source === 'string') {
    const authorization = `Bearer ${source}`
    return (request, state) => {
      return state.call.public ? sendPublic(request, state) : sendWith(authorization, request, state)
    }
  }
  return async (request, state) => {
    if (state.call.public) return sendPublic(request, state)
    return sendWithRenewal(config, state, (key) => sendWith(`Bearer ${key}`, request, state))
  }
}

function assertOrigin({ url }: HttpRequest, allowed: string, operation: string): void {
  // Fast path. The slash excludes hosts that only start with the origin.
  if (url.startsWith(`${allowed}/`)) return
  const { origin } = new URL(url)
  if (origin === allowed) return
  throw new ConfigurationError({
    message: `${operation} has the origin ${origin}; expected ${allowed}, the host of the client.`,
    fix: 'Create a second client for the other host.',
  })
}

/**
 * Sends a request with a renewable key. After a 401, sends it once more with the new key: PostHog does nothing before
 * it responds 401.
 */
async function sendWithRenewal(
  config: Config,
  state: CallState,
  send: (key: string) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const key = await untilAbort(currentKey(config, state), state.deadline)
  const response = await send(key)
  if (response.status !== 401 || !reportRejectedKey(config, key)) return response
  const renewed = await untilAbort(currentKey(config, state), state.deadline)
  return renewed === key ? response : send(renewed)
}
