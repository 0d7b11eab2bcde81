import { defaults } from '../config/defaults.ts'
import { PostHogError } from '../errors/posthog-error.ts'
import { AttemptTimeoutError } from '../errors/timeout-error.ts'
import type { Platform } from '../platform.ts'
import { concludeStream } from '../retry/recover.ts'
import { openScope } from './abort.ts'
import { type Answer, release } from './answer.ts'
import { toConnectionError } from './connection.ts'
import type { CallRun } from './context.ts'
import type { Outgoing } from './outgoing.ts'
import { isJson, readBody, readRefusal } from './read-body.ts'
import { redirectTarget } from './redirect.ts'
import { streamBody } from './stream-body.ts'

/**
 * Sends one request and reads its body, all within the attempt's timeout. A stream's timeout ends with the headers.
 *
 * Rejects with a ConnectionError, a TimeoutError, or the call's own abort reason.
 */
export async function attempt(
  { method, headers, body, url: first }: Outgoing,
  run: CallRun,
  platform: Platform,
): Promise<Answer> {
  const { operation, timeout: ms, idleTimeout } = run
  const scope = openScope(platform, run.scope, ms, () => new AttemptTimeoutError(operation, ms))
  let response: Response | undefined
  try {
    const init: RequestInit = {
      method,
      headers,
      body: body ?? null,
      signal: scope.signal,
      redirect: 'manual',
    }
    run.call.onSend?.()
    response = await platform.fetch(first, init)
    let url = first
    for (let hops = 0; !response.ok; hops++) {
      const target = redirectTarget(response, {
        operation,
        method,
        url,
        hops,
        maxHops: defaults.maxRedirects,
      })
      if (target === undefined) break
      release({ response })
      response = undefined
      scope.throwIfAborted()
      url = target
      response = await platform.fetch(url, init)
    }
    // Whatever falls silent for longer than an attempt may take ends with the attempt.
    const { body: wanted } = run.call
    const buffered = wanted !== 'stream'
    const idle = buffered && idleTimeout >= ms ? undefined : idleTimeout
    const reading = { platform, operation, idleTimeout: idle, scope }
    const sink =
      typeof wanted === 'function' && response.ok && isJson(response.headers) ? wanted() : undefined
    if (!response.ok) return await readRefusal(response, reading)
    if (buffered) return await readBody(response, reading, run.maxBytes, sink)
    scope.disarm()
    run.scope.disarm()
    const done = (): void => {
      scope.end()
      run.scope.end()
    }
    const stream = streamBody(response, reading, done, (error) => concludeStream(error, run))
    run.stream = { status: response.status, headers: response.headers, bytes: undefined, response: stream }
    return run.stream
  } catch (error) {
    if (response !== undefined) release({ response })
    scope.throwIfAborted()
    if (error instanceof PostHogError) throw error
    throw toConnectionError(error, operation, false)
  } finally {
    if (run.stream === undefined) scope.end()
  }
}
