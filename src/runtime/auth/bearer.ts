import { keySourceOf } from '../config/credential.ts'
import { publicHost } from '../config/public-host.ts'
import type { Config } from '../config/resolve.ts'
import { ConfigurationError } from '../errors/configuration-error.ts'
import type { CallRun } from '../transport/context.ts'
import type { Send } from '../transport/middleware.ts'
import type { Outgoing } from '../transport/outgoing.ts'
import { sendRenewable } from './renewable.ts'

/**
 * Attaches the key and the client's headers. It comes after every middleware had its say, and looks at the origin
 * first: the key goes to the configured one only.
 */
export function withBearer(config: Config, send: Send): Send {
  const { userAgent, origin } = config
  const publicOrigin = new URL(publicHost(config.host)).origin
  const common = { ...(userAgent === undefined ? {} : { 'user-agent': userAgent }), ...config.headers }
  const sendWith = (authorization: string, outgoing: Outgoing, run: CallRun): ReturnType<Send> => {
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

function refuseOtherOrigins({ url }: Outgoing, allowed: string, operation: string): void {
  // With the slash after it, this can only be the origin itself.
  if (url.startsWith(`${allowed}/`)) return
  const { origin } = new URL(url)
  if (origin === allowed) return
  throw new ConfigurationError({
    message: `${operation} was to be sent to ${origin}; the client belongs to ${allowed}.`,
    fix: 'Make a second client for the other host.',
  })
}
