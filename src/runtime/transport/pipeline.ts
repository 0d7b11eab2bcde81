import { bearer } from '../auth/bearer.ts'
import { defaults } from '../config/defaults.ts'
import { attemptCount, type Config, positive } from '../config/resolve.ts'
import { errorFromResponse, requestIdOf } from '../errors/from-response.ts'
import { TimeoutError } from '../errors/timeout-error.ts'
import { createWatch } from '../observe/watch.ts'
import type { Platform } from '../platform.ts'
import { createBudget, type RetryBudget } from '../retry/budget.ts'
import { withRetry } from '../retry/retry.ts'
import { openScope, untilAbort } from './abort.ts'
import { bytesOf, keepAttempts } from './answer.ts'
import { attempt, release } from './attempt.ts'
import type { Call, CallContext } from './context.ts'
import { compose } from './middleware.ts'
import { bufferBody } from './read-body.ts'
import { copyRequest } from './request-copy.ts'

/**
 * Sends one call and resolves with its answer of 2xx. Rejects with an APIError for every other status, a
 * ConnectionError, a TimeoutError, or the caller's own abort reason.
 */
export type Pipeline = (request: Request, call: Call) => Promise<Response>

/**
 * The way of a request: total timeout, then retry, then for each attempt the user's middlewares, the key, the
 * attempt's timeout, `fetch` and the body.
 */
export function createPipeline(
  config: Config,
  platform: Platform,
  budget: RetryBudget = createBudget(defaults.retryBudget, platform.monotonic),
): Pipeline {
  const middlewares = [...config.middleware, bearer(config)]
  const watch = createWatch(config)

  return async (request, call) => {
    const { operation } = call
    const timeout = positive('timeout', call.timeout, config.timeout)
    const totalTimeout = positive('totalTimeout', call.totalTimeout, config.totalTimeout)
    const maxAttempts = attemptCount(call.maxAttempts, config.retry.maxAttempts)
    const { idleTimeout, log } = config
    const deadline = platform.monotonic() + totalTimeout
    const context: CallContext = { ...call, attempt: 1, attempts: [], deadline, log }
    const scope = openScope(platform, call.signal, totalTimeout, () => {
      return new TimeoutError({ operation, phase: 'total', ms: totalTimeout })
    })
    const { signal } = scope
    let stream: Response | undefined
    const onStream = (response: Response): void => {
      stream = response
    }
    const send = compose(middlewares, (current) => {
      return attempt(current, { platform, call, scope, timeout, idleTimeout, onStream })
    })

    const once = async (): Promise<Response> => {
      signal.throwIfAborted()
      const event = { operation, url: request.url, attempt: context.attempt }
      const started = platform.monotonic()
      watch.request(event)
      // A copy for each attempt: what a middleware does to one does not reach the next.
      const sent = copyRequest(request, { signal }).then((copy) => send(copy, context))
      let response = await untilAbort(sent, signal, release)
      // A middleware may have answered by itself.
      if (call.body === 'buffer' || !response.ok) {
        response = await bufferBody(response, { platform, operation, idleTimeout, signal })
      }
      const { status, headers } = response
      const durationMs = platform.monotonic() - started
      watch.response({ ...event, status, requestId: requestIdOf(headers), durationMs })
      if (response.ok) return response
      const text = new TextDecoder().decode(await bytesOf(response))
      throw errorFromResponse({ status, headers, text }, operation, platform.now())
    }

    try {
      const response = await withRetry(once, {
        platform,
        policy: config.retry,
        maxAttempts,
        budget,
        context,
        signal,
        onRetry: (record) => watch.retry({ operation, ...record }),
      })
      keepAttempts(response, context.attempts)
      if (stream === undefined) scope.end()
      return response
    } catch (error) {
      scope.end()
      if (stream !== undefined) release(stream)
      throw error
    }
  }
}
