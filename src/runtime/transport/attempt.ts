import { defaults } from '../config/defaults.ts'
import { PostHogError } from '../errors/posthog-error.ts'
import { TimeoutError } from '../errors/timeout-error.ts'
import type { Platform } from '../platform.ts'
import { openScope, type Scope, untilAbort } from './abort.ts'
import { toConnectionError } from './connection.ts'
import type { Call } from './context.ts'
import { bufferBody, streamBody } from './read-body.ts'
import { redirectTarget } from './redirect.ts'
import { copyRequest } from './request-copy.ts'

/** What every attempt of a call shares. */
export interface AttemptSetting {
  readonly platform: Platform
  readonly call: Call
  /** The whole call. Its owner ends it, except for a stream, which ends it with its body. */
  readonly scope: Scope
  readonly timeout: number
  readonly idleTimeout: number
  /** Told of a body that is handed out unread. */
  readonly onStream: (response: Response) => void
}

/**
 * Sends one request and reads its body, all within the attempt's timeout. A stream's timeout ends with the headers.
 *
 * Rejects with a ConnectionError, a TimeoutError, or the call's own abort reason.
 */
export async function attempt(request: Request, setting: AttemptSetting): Promise<Response> {
  const { platform, call, timeout, idleTimeout } = setting
  const { operation } = call
  const scope = openScope(platform, setting.scope.signal, timeout, () => {
    return new TimeoutError({ operation, phase: 'attempt', ms: timeout })
  })
  const reading = { platform, operation, idleTimeout, signal: scope.signal }
  let streaming = false
  try {
    const response = await follow(request, platform, operation, scope.signal)
    if (call.body === 'buffer' || !response.ok) return await bufferBody(response, reading)
    streaming = true
    scope.disarm()
    setting.scope.disarm()
    const stream = streamBody(response, reading, () => {
      scope.end()
      setting.scope.end()
    })
    setting.onStream(stream)
    return stream
  } catch (error) {
    if (scope.signal.aborted) throw scope.signal.reason
    throw error instanceof PostHogError ? error : toConnectionError(error, operation, false)
  } finally {
    if (!streaming) scope.end()
  }
}

async function follow(
  request: Request,
  platform: Platform,
  operation: string,
  signal: AbortSignal,
): Promise<Response> {
  let url = request.url
  for (let hops = 0; ; hops++) {
    const current = await copyRequest(request, { url, signal })
    signal.throwIfAborted()
    const response = await untilAbort(platform.fetch(current), signal, release)
    try {
      const { maxRedirects: maxHops } = defaults
      const target = redirectTarget(response, { operation, method: request.method, url, hops, maxHops })
      if (target === undefined) return response
      url = target
    } catch (error) {
      release(response)
      throw error
    }
    release(response)
  }
}

/** Gives the connection of an unwanted answer back. */
export function release(response: Response): void {
  response.body?.cancel().catch(() => {})
}
