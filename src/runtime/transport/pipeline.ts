import { withBearer } from '../auth/bearer.ts'
import type { Config } from '../config/resolve.ts'
import { isPostHogError, redactError } from '../errors/posthog-error.ts'
import { withLimits } from '../limits/with-limits.ts'
import { inSpan } from '../observe/in-span.ts'
import { type Redact, redactorOf } from '../observe/redact.ts'
import type { Watch } from '../observe/watch.ts'
import type { Platform } from '../platform.ts'
import { recover } from '../retry/recover.ts'
import { askEnvironments } from '../routing/environments.ts'
import { type Answer, type Outcome, release } from './answer.ts'
import { attempt } from './attempt.ts'
import type { Call, CallRun } from './context.ts'
import type { Send } from './middleware.ts'
import { openRun } from './open-run.ts'
import type { Outgoing } from './outgoing.ts'
import { readBody, readRefusal } from './read-body.ts'
import { refusalOf } from './refusal.ts'
import { requestIdOf } from './request-id.ts'
import type { Shared } from './shared.ts'
import { throughMiddlewares } from './through-middlewares.ts'

/**
 * Sends one call and resolves with its answer of 2xx. Rejects with an APIError for every other status, a
 * ConnectionError, a TimeoutError, or the caller's own abort reason.
 */
export type Pipeline = (outgoing: Outgoing, call: Call) => Promise<Outcome>

/**
 * The way of a request: total timeout, then retry, then for each attempt the older route, the user's middlewares, the
 * rate limits, the key, the attempt's timeout, `fetch` and the body.
 */
export function createPipeline(config: Config, platform: Platform, shared: Shared, watch: Watch): Pipeline {
  const { origin, idleTimeout } = config
  const { environments: found } = shared
  const direct: Send = (outgoing, run) => attempt(outgoing, run, platform)
  const limited = withLimits(config, platform, shared.limiter, watch, withBearer(config, direct))
  const send: Send = config.middleware.length === 0 ? limited : throughMiddlewares(config.middleware, limited)

  const once = async (outgoing: Outgoing, run: CallRun): Promise<Answer> => {
    const { operation, call, scope } = run
    scope.throwIfAborted()
    const { url } = outgoing
    const started = platform.monotonic()
    watch.request?.({ operation, url, attempt: run.attempt })
    let answer = found.size === 0 ? await send(outgoing, run) : undefined
    if (answer === undefined || (answer.status === 404 && call.underEnvironments === true)) {
      answer = await askEnvironments(answer, outgoing, run, { found, origin, send })
    }
    // A middleware may have answered by itself.
    if (answer.bytes === undefined && (call.body === 'buffer' || !isOk(answer))) {
      const reading = { platform, operation, idleTimeout, scope }
      answer = isOk(answer)
        ? await readBody(answer.response, reading, run.maxBytes)
        : await readRefusal(answer.response, reading)
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
    if (isOk(answer)) return answer
    throw await refusalOf(answer, run, config, platform, shared, redactorFor(outgoing, run))
  }

  const redactorFor = ({ headers, url }: Outgoing, ...run: readonly CallRun[]): Redact =>
    redactorOf([config, ...run], headers, url)

  const retrying = {
    platform,
    policy: config.retry,
    budget: shared.budget,
    onRetry: watch.retry,
  }
  const sendCall: Pipeline = async (outgoing, call) => {
    const run = openRun(call, config, platform)
    for (;;) {
      try {
        const { status, headers, bytes, value, response } = await once(outgoing, run)
        run.attempts.push({ attempt: run.attempt, status, waitMs: 0, reason: 'ok' })
        shared.budget.succeeded()
        if (run.stream === undefined) run.scope.end()
        return { status, headers, bytes, value, response, attempts: run.attempts }
      } catch (failure) {
        if (isPostHogError(failure)) redactError(failure, redactorFor(outgoing, run))
        await recoverOrEnd(failure, run)
        run.attempt += 1
      }
    }
  }
  const recoverOrEnd = async (failure: unknown, run: CallRun): Promise<void> => {
    try {
      await recover(failure, run, retrying)
    } catch (error) {
      run.scope.end()
      if (run.stream !== undefined) release(run.stream)
      throw error
    }
  }
  const { tracer } = config
  if (tracer === undefined) return sendCall
  return (outgoing, call) =>
    inSpan(tracer, { operation: call.operation, url: outgoing.url }, config.log, redactorFor(outgoing), () =>
      sendCall(outgoing, call),
    )
}

function isOk({ status }: Answer): boolean {
  return status >= 200 && status < 300
}
