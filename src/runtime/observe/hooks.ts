import { describeThrown, drop, guard, type Logger } from './logger.ts'
import { redactorOf } from './redact.ts'

/** Event before an attempt. */
export interface RequestEvent {
  /** Method and path template. */
  readonly operation: string
  /** URL, including the query string. */
  readonly url: string
  /** Counted from 1. */
  readonly attempt: number
}

/** Event after a response. */
export interface ResponseEvent extends RequestEvent {
  readonly status: number
  readonly requestId: string | undefined
  /** Milliseconds from the request to the end of the body; for streams, to the headers. */
  readonly durationMs: number
}

/** Event when a rate limit delays a call, or PostHog responds 429. */
export interface RateLimitEvent {
  readonly operation: string
  /** Name of the limit, such as `query`. */
  readonly bucket: string
  /** `client`: the call waits in the client. `server`: PostHog responded 429. */
  readonly source: 'client' | 'server'
  /** Milliseconds to wait; undefined when another call may finish at any time. */
  readonly waitMs: number | undefined
}

/** Event before a retry. */
export interface RetryEvent {
  readonly operation: string
  /** The attempt that failed, counted from 1. */
  readonly attempt: number
  /** Milliseconds until the next attempt. */
  readonly waitMs: number
  readonly reason: string
}

/** A warning of PostHog, or the deprecation of an operation. */
export interface Notice {
  readonly kind: 'deprecation' | 'warning'
  /** The text of the log line. Starts with the operation. */
  readonly message: string
  /** Method and path template. */
  readonly operation: string
  /** The first stack frame outside of Typehog, such as `at report (/app/report.ts:12:3)`. */
  readonly callSite: string | undefined
  /** Name of the response header, in lower case. Undefined if Typehog knew the deprecation before the call. */
  readonly header: string | undefined
  /** The operation or path to use instead, if known. */
  readonly replacement: string | undefined
  /** The day on which the operation ends, as PostHog writes it. */
  readonly sunset: string | undefined
  /** Undefined if there is none, or if nothing was sent. */
  readonly requestId: string | undefined
}

/** Hooks of the user. Typehog logs the errors that they throw. */
export interface Hooks {
  /** Called before each attempt. */
  readonly onRequest: ((event: RequestEvent) => void) | undefined
  /** Called after each response, whatever its status. */
  readonly onResponse: ((event: ResponseEvent) => void) | undefined
  /** Called before Typehog waits for another attempt. */
  readonly onRetry: ((event: RetryEvent) => void) | undefined
  /** Called when a rate limit delays a call, or PostHog throttles one. */
  readonly onRateLimit: ((event: RateLimitEvent) => void) | undefined
  /** Called once per message and call site when PostHog warns, or when an operation is deprecated. */
  readonly onNotice: ((notice: Notice) => void) | undefined
}

/** The log and hooks of a client. Events never show its secrets. */
export interface ObservedClient {
  readonly log: Logger
  readonly hooks: Hooks
}

/** Reports the events of calls to the log and the user's hooks. Events without a listener are undefined. */
export interface Observer {
  readonly request: ((event: RequestEvent) => void) | undefined
  readonly response: ((event: ResponseEvent) => void) | undefined
  readonly retry: (event: RetryEvent) => void
  readonly rateLimit: (event: RateLimitEvent) => void
}

/**
 * Calls a hook of the user. A hook that throws or rejects never fails the call; Typehog logs its error.
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
 * Creates an observer that logs events and passes them to the user's hooks, with the secrets of the client redacted.
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
      log.info(`${event.operation}: ${event.reason}, retrying in ${event.waitMs} ms`, {
        attempt: event.attempt,
      })
      tell('onRetry', hooks.onRetry, event)
    },
    rateLimit(event) {
      const { operation, bucket, source, waitMs } = event
      const action = source === 'client' ? 'waiting for' : 'throttled by'
      log.info(`${operation}: ${action} the limit "${bucket}"`, { waitMs })
      tell('onRateLimit', hooks.onRateLimit, event)
    },
  }
}
