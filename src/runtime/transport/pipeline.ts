import { withBearer } from '../auth/bearer.ts'
import { type Config, count, positive } from '../config/resolve.ts'
import { TotalTimeoutError } from '../errors/timeout-error.ts'
import { withLimits } from '../limits/with-limits.ts'
import type { Watch } from '../observe/watch.ts'
import type { Platform } from '../platform.ts'
import { withRetry } from '../retry/retry.ts'
import { withEnvironments } from '../routing/environments.ts'
import { openScope, watchSignal } from './abort.ts'
import { type Answer, type Outcome, release } from './answer.ts'
import { attempt } from './attempt.ts'
import type { Call, CallRun } from './context.ts'
import type { Send } from './middleware.ts'
import type { Outgoing } from './outgoing.ts'
import { readBody } from './read-body.ts'
import { requestIdOf } from './request-id.ts'
import type { Shared } from './shared.ts'

/**
 * Sends one call and resolves with its answer of 2xx. Rejects with an APIError for every other status, a
 * ConnectionError, a TimeoutError, or the caller's own abort reason.
 */
export type Pipeline = (outgoing: Outgoing, call: Call) => Promise<Outcome>

/**
 * The way of a request: total timeout, then retry, then for each attempt the user's middlewares, the older route, the
 * rate limits, the key, the attempt's timeout, `fetch` and the body.
 */
export function createPipeline(config: Config, platform: Platform, shared: Shared, watch: Watch): Pipeline {
  const { origin, idleTimeout, log } = config
  const direct: Send = (outgoing, run) => attempt(outgoing, run, platform)
  const limited = withLimits(config, platform, shared.limiter, watch, withBearer(config, direct))
  const routed = withEnvironments(shared.environments, origin, limited)
  // What only some programs use is loaded by those.
  const chained =
    config.middleware.length === 0
      ? undefined
      : import('./through-middlewares.ts').then(({ throughMiddlewares }) => {
          return throughMiddlewares(config.middleware, routed)
        })
  const send: Send = chained === undefined ? routed : async (outgoing, run) => (await chained)(outgoing, run)

  const once = async (outgoing: Outgoing, run: CallRun): Promise<Outcome> => {
    const { operation, call, scope } = run
    scope.throwIfAborted()
    const { url } = outgoing
    const started = platform.monotonic()
    watch.request?.({ operation, url, attempt: run.attempt })
    let answer = await send(outgoing, run)
    // A middleware may have answered by itself.
    if (answer.bytes === undefined && (call.body === 'buffer' || !isOk(answer))) {
      answer = await readBody(answer.response, { platform, operation, idleTimeout, scope })
    }
    const { status, headers } = answer
    watch.response?.({
      operation,
      url,
      attempt: run.attempt,
      status,
      requestId: requestIdOf(headers),
      durationMs: platform.monotonic() - started,
    })
    if (isOk(answer)) return { ...answer, attempts: run.attempts }
    const { refusalOf } = await import('./refusal.ts')
    throw await refusalOf(answer, run, config, platform, shared)
  }

  const sendCall: Pipeline = async (outgoing, call) => {
    const { operation } = call
    const timeout = positive('timeout', call.timeout, config.timeout)
    const ms = positive('totalTimeout', call.totalTimeout, config.totalTimeout)
    const maxAttempts = count('maxAttempts', call.maxAttempts, config.retry.maxAttempts)
    const parent = call.signal && watchSignal(call.signal)
    const scope = openScope(platform, parent, ms, () => new TotalTimeoutError(operation, ms))
    const deadline = platform.monotonic() + ms
    const run: CallRun = {
      operation,
      call,
      attempt: 1,
      attempts: [],
      deadline,
      get signal() {
        return scope.signal
      },
      log,
      scope,
      timeout,
      idleTimeout,
      stream: undefined,
    }
    try {
      const outcome = await withRetry(() => once(outgoing, run), {
        platform,
        policy: config.retry,
        maxAttempts,
        budget: shared.budget,
        run,
        onRetry: (record) => watch.retry({ operation, ...record }),
      })
      if (run.stream === undefined) scope.end()
      return outcome
    } catch (error) {
      scope.end()
      if (run.stream !== undefined) release(run.stream)
      throw error
    }
  }
  const { tracer } = config
  if (tracer === undefined) return sendCall
  return async (outgoing, call) => {
    const { inSpan } = await import('../observe/in-span.ts')
    return inSpan(tracer, { operation: call.operation, url: outgoing.url }, () => sendCall(outgoing, call))
  }
}

function isOk({ status }: Answer): boolean {
  return status >= 200 && status < 300
}
