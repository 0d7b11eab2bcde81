import { withBearer } from '../auth/authorize.ts'
import { positive, positiveInteger } from '../config/check-options.ts'
import { defaults } from '../config/defaults.ts'
import type { Config } from '../config/resolve.ts'
import { type AttemptRecord, TotalTimeoutError } from '../errors/call-errors.ts'
import { isPostHogError, redactError } from '../errors/posthog-error.ts'
import { type Limiter, limiterFor, withLimits } from '../limits/limiter.ts'
import type { Observer } from '../observe/hooks.ts'
import type { Logger } from '../observe/logger.ts'
import { type Redact, redactorOf } from '../observe/redact.ts'
import { inSpan } from '../observe/tracing.ts'
import { discardBody, type Platform } from '../platform.ts'
import { createBudget, type RetryBudget } from '../retry/decide.ts'
import { retryOrThrow } from '../retry/retry.ts'
import { attempt } from './attempt.ts'
import type { CallState, HttpRequest, InternalCall } from './call.ts'
import { type Deadline, startDeadline, watchSignal } from './deadline.ts'
import { sendWithFallback } from './environments.ts'
import { type CallResult, type HttpResponse, requestIdOf } from './http-response.ts'
import { type Send, withMiddleware } from './middleware.ts'
import { readBody, readErrorResponse } from './read-body.ts'
import { type RegionCache, toApiError } from './to-api-error.ts'

/** State that a client shares with the clients derived from it. */
export interface SharedState {
  readonly budget: RetryBudget
  /** Keeps calls within the rate limits. */
  readonly limiter: Limiter
  /** Resources that a server has under `/api/environments/`, with its origin. */
  readonly environments: Set<string>
  /** Regions of rejected keys, by a hash of the key. */
  readonly regions: RegionCache
}

/** Creates the initial state. */
export function createSharedState(config: Config, platform: Platform): SharedState {
  return {
    budget: createBudget(defaults.retryBudget, platform.monotonic),
    limiter: limiterFor(config, platform),
    environments: new Set(),
    regions: new Map(),
  }
}

/**
 * Starts a call and its total timeout. The caller has to end its deadline.
 *
 * @throws ConfigurationError for a timeout or a number of attempts that is out of range
 */
function startCall(call: InternalCall, config: Config, platform: Platform): CallState {
  return new RunningCall(call, config, platform)
}

class RunningCall implements CallState {
  readonly operation: string
  readonly call: InternalCall
  attempt = 1
  readonly attempts: AttemptRecord[] = []
  readonly maxAttempts: number
  readonly log: Logger
  readonly deadline: Deadline
  readonly timeout: number
  readonly idleTimeout: number
  readonly maxBytes: number
  stream: HttpResponse | undefined = undefined
  readonly #endsAt: () => number

  constructor(call: InternalCall, config: Config, platform: Platform) {
    const { operation, signal, timeLeft } = call
    this.operation = operation
    this.call = call
    this.log = config.log
    this.idleTimeout = config.idleTimeout
    this.maxBytes = config.maxResponseBytes
    this.timeout = positive('timeout', call.timeout, config.timeout)
    this.maxAttempts = positiveInteger('maxAttempts', call.maxAttempts, config.retry.maxAttempts)
    const ms = positive('totalTimeout', call.totalTimeout, config.totalTimeout)
    const endsAt = platform.monotonic() + ms
    this.#endsAt = timeLeft === undefined ? () => endsAt : () => platform.monotonic() + timeLeft()
    const parent = signal && watchSignal(signal)
    const totalMs = timeLeft === undefined ? ms : undefined
    this.deadline = startDeadline(platform, parent, totalMs, () => new TotalTimeoutError(operation, ms))
  }

  get endsAt(): number {
    return this.#endsAt()
  }

  get signal(): AbortSignal {
    return this.deadline.signal
  }
}

/**
 * Sends one call and resolves with its 2xx response. Rejects with an APIError for every other status, a ConnectionError,
 * a TimeoutError, or the caller's own abort reason.
 */
export type Pipeline = (request: HttpRequest, call: InternalCall) => Promise<CallResult>

/**
 * Creates the pipeline. The steps of a call: total timeout and retries, then for each attempt the route fallback, the
 * user's middleware, the rate limits, the key, the attempt's timeout, `fetch` and the body.
 */
export function createPipeline(
  config: Config,
  platform: Platform,
  shared: SharedState,
  observer: Observer,
): Pipeline {
  const { origin, idleTimeout } = config
  const { environments: found } = shared
  const direct: Send = (request, state) => attempt(request, state, platform)
  const limited = withLimits(config, platform, shared.limiter, observer, withBearer(config, direct))
  const send: Send = config.middleware.length === 0 ? limited : withMiddleware(config.middleware, limited)

  const sendOnce = async (request: HttpRequest, state: CallState): Promise<HttpResponse> => {
    const { operation, call, deadline } = state
    deadline.throwIfAborted()
    const { url } = request
    const startedAt = platform.monotonic()
    observer.request?.({ operation, url, attempt: state.attempt })
    let response = found.size === 0 ? await send(request, state) : undefined
    if (response === undefined || (response.status === 404 && call.underEnvironments === true)) {
      response = await sendWithFallback(response, request, state, { found, origin, send })
    }
    // A middleware may return its own response.
    if (response.bytes === undefined && (call.body === 'buffer' || !isOk(response))) {
      const context = { platform, operation, idleTimeout, deadline }
      response = isOk(response)
        ? await readBody(response.response, context, state.maxBytes)
        : await readErrorResponse(response.response, context)
    }
    const { status, headers } = response
    observer.response?.({
      operation,
      url,
      attempt: state.attempt,
      status,
      requestId: requestIdOf(headers),
      durationMs: platform.monotonic() - startedAt,
    })
    if (isOk(response)) return response
    throw await toApiError(response, state, config, platform, shared.regions, redactorFor(request, state))
  }

  const redactorFor = ({ headers, url }: HttpRequest, ...states: readonly CallState[]): Redact =>
    redactorOf([config, ...states], headers, url)

  const retryContext = {
    platform,
    policy: config.retry,
    budget: shared.budget,
    onRetry: observer.retry,
  }
  const sendCall: Pipeline = async (request, call) => {
    const state = startCall(call, config, platform)
    for (;;) {
      try {
        const { status, headers, bytes, value, response } = await sendOnce(request, state)
        state.attempts.push({ attempt: state.attempt, status, waitMs: 0, reason: 'ok' })
        if (!shared.budget.isFull) shared.budget.succeeded()
        if (state.stream === undefined) state.deadline.end()
        return { status, headers, bytes, value, response, attempts: state.attempts }
      } catch (failure) {
        if (isPostHogError(failure)) redactError(failure, redactorFor(request, state))
        await retryOrEnd(failure, state)
        state.attempt += 1
      }
    }
  }
  const retryOrEnd = async (failure: unknown, state: CallState): Promise<void> => {
    try {
      await retryOrThrow(failure, state, retryContext)
    } catch (error) {
      state.deadline.end()
      if (state.stream !== undefined) discardBody(state.stream.response)
      throw error
    }
  }
  const { tracer } = config
  if (tracer === undefined) return sendCall
  return (request, call) =>
    inSpan(tracer, { operation: call.operation, url: request.url }, config.log, redactorFor(request), () =>
      sendCall(request, call),
    )
}

function isOk({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300
}
