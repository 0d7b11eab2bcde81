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
