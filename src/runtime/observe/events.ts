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

/** Another attempt will follow. */
export interface RetryEvent {
  readonly operation: string
  /** The attempt that failed, counted from 1. */
  readonly attempt: number
  /** Milliseconds until the next one. */
  readonly waitMs: number
  readonly reason: string
}
