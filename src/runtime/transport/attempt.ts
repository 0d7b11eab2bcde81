import { defaults } from '../config/defaults.ts'
import { PostHogError } from '../errors/posthog-error.ts'
import { AttemptTimeoutError } from '../errors/timeout-error.ts'
import type { Platform } from '../platform.ts'
import { openScope, type Scope, untilAbort } from './abort.ts'
import { type Answer, release } from './answer.ts'
import type { CallRun } from './context.ts'
import type { Outgoing } from './outgoing.ts'
import { readBody, streamBody } from './read-body.ts'
import { redirectTarget } from './redirect.ts'

/**
 * Sends one request and reads its body, all within the attempt's timeout. A stream's timeout ends with the headers.
 *
 * Rejects with a ConnectionError, a TimeoutError, or the call's own abort reason.
 */
export async function attempt(outgoing: Outgoing, run: CallRun, platform: Platform): Promise<Answer> {
  const { operation, timeout: ms, idleTimeout } = run
  const scope = openScope(platform, run.scope, ms, () => new AttemptTimeoutError(operation, ms))
  const reading = { platform, operation, idleTimeout, scope }
  try {
    const response = await follow(outgoing, platform, operation, scope)
    if (run.call.body === 'buffer' || !response.ok) {
      // Whatever falls silent for longer than an attempt may take ends with the attempt.
      return await readBody(response, idleTimeout < ms ? reading : { ...reading, idleTimeout: undefined })
    }
    scope.disarm()
    run.scope.disarm()
    const stream = streamBody(response, reading, () => {
      scope.end()
      run.scope.end()
    })
    const { status, headers } = response
    run.stream = { status, headers, bytes: undefined, response: stream }
    return run.stream
  } catch (error) {
    scope.throwIfAborted()
    if (error instanceof PostHogError) throw error
    const { toConnectionError } = await import('./connection.ts')
    throw toConnectionError(error, operation, false)
  } finally {
    if (run.stream === undefined) scope.end()
  }
}

async function follow(
  { method, headers, body, url: first }: Outgoing,
  platform: Platform,
  operation: string,
  scope: Scope,
): Promise<Response> {
  const { signal } = scope
  let url = first
  for (let hops = 0; ; hops++) {
    scope.throwIfAborted()
    const sent = platform.fetch(url, { method, headers, body: body ?? null, signal, redirect: 'manual' })
    const response = await untilAbort(sent, scope, (late) => release({ response: late }))
    try {
      const { maxRedirects: maxHops } = defaults
      const target = redirectTarget(response, { operation, method, url, hops, maxHops })
      if (target === undefined) return response
      url = target
    } catch (error) {
      release({ response })
      throw error
    }
    release({ response })
  }
}
