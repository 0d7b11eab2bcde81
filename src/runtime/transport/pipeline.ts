import { withBearer } from '../auth/authorize.ts'
import { defaults } from '../config/defaults.ts'
import { type Config, count, positive } from '../config/resolve.ts'
import { type AttemptRecord, TotalTimeoutError } from '../errors/call-errors.ts'
import { isPostHogError, redactError } from '../errors/posthog-error.ts'
import { type Limiter, limiterFor, withLimits } from '../limits/limiter.ts'
import type { Observer } from '../observe/hooks.ts'
import type { Logger } from '../observe/logger.ts'
import { type Redact, redactorOf } from '../observe/redact.ts'
import { inSpan } from '../observe/tracing.ts'
import { discardBody, type Platform } from '../platform.ts'
import { createBudget, type RetryBudget } from '../retry/decide.ts'
import { recover } from '../retry/retry.ts'
import { attempt } from './attempt.ts'
import type { Call, CallState, HttpRequest } from './call.ts'
import { type Deadline, startDeadline, watchSignal } from './deadline.ts'
import { askEnvironments } from './environments.ts'
import { type CallResult, type HttpResponse, requestIdOf } from './http-response.ts'
import { type Send, throughMiddlewares } from './middleware.ts'
import { readBody, readRefusal } from './read-body.ts'
import { type RegionCache, toApiError } from './to-api-error.ts'

/** What a client and those derived from it have in common. */
export interface SharedState {
  readonly budget: RetryBudget
  /** Keeps within the rate limits. */
  readonly limiter: Limiter
  /** Resources, by origin, that a server knows under `/api/environments/`. */
  readonly environments: Set<string>
  /** Regions of keys that were refused, by the key's stand-in. */
  readonly regions: RegionCache
}

/** A fresh start: full budget, nothing counted, nothing learned. */
export function createSharedState(config: Config, platform: Platform): SharedState {
  return {
    budget: createBudget(defaults.retryBudget, platform.monotonic),
    limiter: limiterFor(config, platform),
    environments: new Set(),
    regions: new Map(),
  }
}

/**
 * Begins a call: its total timeout runs from here. The scope of what it returns has to be ended.
 *
 * @throws ConfigurationError for a timeout or a number of attempts that is out of range
 */
export function startCall(call: Call, config: Config, platform: Platform): CallState {
  return new Run(call, config, platform)
}

class Run implements CallState {
  readonly operation: string
  readonly call: Call
  attempt = 1
  readonly attempts: AttemptRecord[] = []
  readonly maxAttempts: number
  readonly log: Logger
  readonly deadline: Deadline
  readonly timeout: number
  readonly idleTimeout: number
  readonly maxBytes: number
  stream: HttpResponse | undefined = undefined
  readonly #deadline: () => number

  constructor(call: Call, config: Config, platform: Platform) {
    const { operation, signal, timeLeft } = call
    this.operation = operation
    this.call = call
    this.log = config.log
    this.idleTimeout = config.idleTimeout
    this.maxBytes = config.maxResponseBytes
    this.timeout = positive('timeout', call.timeout, config.timeout)
    this.maxAttempts = count('maxAttempts', call.maxAttempts, config.retry.maxAttempts)
    const ms = positive('totalTimeout', call.totalTimeout, config.totalTimeout)
    const deadline = platform.monotonic() + ms
    this.#deadline = timeLeft === undefined ? () => deadline : () => platform.monotonic() + timeLeft()
    const parent = signal && watchSignal(signal)
    const total = timeLeft === undefined ? ms : undefined
    this.deadline = startDeadline(platform, parent, total, () => new TotalTimeoutError(operation, ms))
  }

  get endsAt(): number {
    return this.#deadline()
  }

  get signal(): AbortSignal {
    return this.deadline.signal
  }
}

/**
 * Sends one call and resolves with its answer of 2xx. Rejects with an APIError for every other status, a
 * ConnectionError, a TimeoutError, or the caller's own abort reason.
 */
export type Pipeline = (outgoing: HttpRequest, call: Call) => Promise<CallResult>

/**
 * The way of a request: total timeout, then retry, then for each attempt the older route, the user's middlewares, the
 * rate limits, the key, the attempt's timeout, `fetch` and the body.
 */
export function createPipeline(
  config: Config,
  platform: Platform,
  shared: SharedState,
  watch: Observer,
): Pipeline {
  const { origin, idleTimeout } = config
  const { environments: found } = shared
  const direct: Send = (outgoing, run) => attempt(outgoing, run, platform)
  const limited = withLimits(config, platform, shared.limiter, watch, withBearer(config, direct))
  const send: Send = config.middleware.length === 0 ? limited : throughMiddlewares(config.middleware, limited)

  const once = async (outgoing: HttpRequest, run: CallState): Promise<HttpResponse> => {
    const { operation, call, deadline: scope } = run
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
    throw await toApiError(answer, run, config, platform, shared.regions, redactorFor(outgoing, run))
  }

  const redactorFor = ({ headers, url }: HttpRequest, ...run: readonly CallState[]): Redact =>
    redactorOf([config, ...run], headers, url)

  const retrying = {
    platform,
    policy: config.retry,
    budget: shared.budget,
    onRetry: watch.retry,
  }
  const sendCall: Pipeline = async (outgoing, call) => {
    const run = startCall(call, config, platform)
    for (;;) {
      try {
        const { status, headers, bytes, value, response } = await once(outgoing, run)
        run.attempts.push({ attempt: run.attempt, status, waitMs: 0, reason: 'ok' })
        shared.budget.succeeded()
        if (run.stream === undefined) run.deadline.end()
        return { status, headers, bytes, value, response, attempts: run.attempts }
      } catch (failure) {
        if (isPostHogError(failure)) redactError(failure, redactorFor(outgoing, run))
        await recoverOrEnd(failure, run)
        run.attempt += 1
      }
    }
  }
  const recoverOrEnd = async (failure: unknown, run: CallState): Promise<void> => {
    try {
      await recover(failure, run, retrying)
    } catch (error) {
      run.deadline.end()
      if (run.stream !== undefined) discardBody(run.stream.response)
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

function isOk({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300
}
