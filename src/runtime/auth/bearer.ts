import { currentKey } from '../config/credential.ts'
import type { Config } from '../config/resolve.ts'
import { ConfigurationError } from '../errors/configuration-error.ts'
import type { Middleware } from '../transport/middleware.ts'
import { copyRequest } from '../transport/request-copy.ts'

/**
 * Attaches the key and the client's headers, as the innermost middleware.
 *
 * The origin is looked at first, after every other middleware had its say: the key goes to the configured origin only.
 */
export function bearer(config: Config): Middleware {
  return async (request, next, { operation }) => {
    const { origin } = new URL(request.url)
    if (origin !== config.origin) {
      throw new ConfigurationError({
        message: `${operation} was to be sent to ${origin}, and the key belongs to ${config.origin}.`,
        fix: 'Make a second client for the other host.',
      })
    }
    const headers = new Headers(request.headers)
    for (const [name, value] of Object.entries(config.headers)) {
      if (!headers.has(name)) headers.set(name, value)
    }
    if (config.userAgent !== undefined && !headers.has('user-agent'))
      headers.set('user-agent', config.userAgent)
    headers.set('authorization', `Bearer ${await currentKey(config)}`)
    return next(await copyRequest(request, { headers }))
  }
}
