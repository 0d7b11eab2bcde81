import { describeThrown, drop, guard, type Logger } from './logger.ts'
import { redactorOf } from './redact.ts'

/** An attempt is about to be sent. */
export interface RequestEvent {
  /** Method and path template. */
  readonly operation: string
  /** Address with its parameters. */
  readonly url: string
  /** Counted from 1. */
  readonly attempt: number
}

/** An attempt was answered. */
export interface ResponseEvent extends RequestEvent {
  readonly status: number
  readonly requestId: string | undefined
  /** Milliseconds from sending to the end of the body; for streams to the headers. */
  readonly durationMs: number
}

/** A rate limit holds a call back: the client's own count of it, or PostHog's refusal. */
export interface RateLimitEvent {
  readonly operation: string
  /** Name of the limit, such as `query`. */
  readonly bucket: string
  /** `client`: the call waits here and was not sent. `server`: PostHog refused it. */
  readonly source: 'client' | 'server'
  /** Milliseconds to wait; undefined when a place may come free at any time. */
  readonly waitMs: number | undefined
}

/** Another attempt will follow. */
export interface RetryEvent {
  readonly operation: string
  /** The attempt that failed, counted from 1. */
  readonly attempt: number
  /** Milliseconds until the next one. */
  readonly waitMs: number
  readonly reason: string
}

/** Hooks of the user. Errors that they throw are logged. */
export interface Hooks {
  readonly onRequest: ((event: RequestEvent) => void) | undefined
  readonly onResponse: ((event: ResponseEvent) => void) | undefined
  readonly onRetry: ((event: RetryEvent) => void) | undefined
  readonly onRateLimit: ((event: RateLimitEvent) => void) | undefined
}

/** The log and the hooks of a client, whose secrets events never show. */
export interface ObservedClient {
  readonly log: Logger
  readonly hooks: Hooks
}

/** Tells the log and the user's hooks what a call does. What nobody wants to hear is not there. */
export interface Observer {
  readonly request: ((event: RequestEvent) => void) | undefined
  readonly response: ((event: ResponseEvent) => void) | undefined
  readonly retry: (event: RetryEvent) => void
  readonly rateLimit: (event: RateLimitEvent) => void
}

/**
 * Calls a hook of the user. A hook that throws, or whose promise rejects, is logged as an error: it never ends the call
 * that it watches.
 */
export function callHook<Args extends readonly unknown[]>(
  log: Pick<Logger, 'error'>,
  name: string,
  hook: ((...args: Args) => unknown) | undefined,
  ...args: Args
): void {
  guard(
    () => hook?.(...args),
    (error) => log.error(`The hook ${name} failed: ${describeThrown(error)}`),
  )
}

/**
 * Logs what calls do and passes it to the user's hooks, without the secrets of the client. Events without a listener are
 * undefined.
 */
export function createObserver(config: ObservedClient): Observer {
  const { log, hooks } = config
  const redactText = redactorOf([config])
  const tell = <Event>(name: string, hook: ((event: Event) => void) | undefined, event: Event): void =>
    callHook(log, name, hook, event)
  const quiet = log.debug === drop
  const request = (sent: RequestEvent): void => {
    const event = { ...sent, url: redactText(sent.url) }
    log.debug(`${event.operation}: attempt ${event.attempt}`, { url: event.url })
    tell('onRequest', hooks.onRequest, event)
  }
  const response = ({ url, requestId: id, ...answered }: ResponseEvent): void => {
    const requestId = id === undefined ? undefined : redactText(id)
    const event = { ...answered, url: redactText(url), requestId }
    const { operation, attempt, status, durationMs } = event
    log.debug(`${operation}: ${status} after ${Math.round(durationMs)} ms`, { attempt, requestId })
    tell('onResponse', hooks.onResponse, event)
  }
  return {
    request: quiet && hooks.onRequest === undefined ? undefined : request,
    response: quiet && hooks.onResponse === undefined ? undefined : response,
    retry(event) {
      log.info(`${event.operation}: ${event.reason}, again in ${event.waitMs} ms`, { attempt: event.attempt })
      tell('onRetry', hooks.onRetry, event)
    },
    rateLimit(event) {
      const { operation, bucket, source, waitMs } = event
      const who = source === 'client' ? 'waits for' : 'was refused by'
      log.info(`${operation}: ${who} the limit "${bucket}"`, { waitMs })
      tell('onRateLimit', hooks.onRateLimit, event)
    },
  }
}
