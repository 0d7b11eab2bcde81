import type { AttemptRecord } from '../errors/call-errors.ts'
import type { Priority, ThrottleClass } from '../limits/rates.ts'
import type { Logger } from '../observe/logger.ts'
import type { Deadline } from './deadline.ts'
import type { BodyReader, Bytes, HttpResponse } from './http-response.ts'

/** A request body that can be sent any number of times. */
export type HttpRequestBody = string | Bytes | FormData | Blob

/** One HTTP request. Plain data: Typehog creates a `Request` from it only for middleware. */
export interface HttpRequest {
  readonly method: string
  readonly url: string
  /** With lowercase names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: HttpRequestBody | undefined
}

/** Settings of one call, besides its request. */
export interface Call {
  /** Method and path template, such as `GET /api/projects/{project_id}/cohorts/{id}/`. Names the call in errors. */
  readonly operation: string
  /** `safe`: reads, and POSTs that only read. They may be retried after an unknown outcome. */
  readonly replay: 'safe' | 'unsafe'
  /** PostHog's rate limit for the call. Default: `default`. */
  readonly throttle?: ThrottleClass | undefined
  /** Whether PostHog runs a query for the call, and so limits concurrent ones. */
  readonly runsQuery?: boolean | undefined
  /** Project in the path, for limits per project. */
  readonly project?: string | undefined
  /** Whether the call has a project token in its body, and goes to the ingestion host without the key. */
  readonly public?: boolean | undefined
  /** Whether an older PostHog may have the route only under `/api/environments/`. */
  readonly underEnvironments?: boolean | undefined
  /** Priority among calls that wait for a rate limit. Default: `normal`. */
  readonly priority?: Priority | undefined
  /** Cancels the call, including its waits. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds for one attempt, including the body; for streams, up to the headers. Default: the client's. */
  readonly timeout?: number | undefined
  /** Milliseconds for all attempts and the waits between them. Default: the client's. */
  readonly totalTimeout?: number | undefined
  /** Maximum attempts, including the first. Default: the client's. */
  readonly maxAttempts?: number | undefined
}

/** A call as the pipeline takes it: with what resources set, and callers of a client cannot. */
export interface InternalCall extends Call {
  /** Lowercase names of the client's headers that the call drops. */
  readonly droppedHeaders?: readonly string[] | undefined
  /**
   * Returns the remaining milliseconds. Replaces `totalTimeout` for shared work, whose callers change; `signal` ends it.
   */
  readonly timeLeft?: (() => number) | undefined
  /** Called whenever the request is sent. */
  readonly onSend?: (() => void) | undefined
  /**
   * `buffer` reads the body within the attempt, `stream` returns it as it arrives. A function creates the reader of a
   * JSON body.
   */
  readonly body: 'buffer' | 'stream' | (() => BodyReader)
}

/** The call, as seen by a middleware. */
export interface CallContext {
  /** Method and path template. */
  readonly operation: string
  readonly call: Call
  /** Number of the current attempt, counted from 1. */
  attempt: number
  /** Completed attempts. */
  readonly attempts: AttemptRecord[]
  /** End of the total timeout, by the platform's monotonic clock. */
  readonly endsAt: number
  /** Aborts with the caller's reason, or when the total timeout expires. */
  readonly signal: AbortSignal
  readonly log: Logger
}

/** State of a call in the pipeline. */
export interface CallState extends CallContext {
  readonly call: InternalCall
  /** Ended by the pipeline; for a stream, ended with its body. */
  readonly deadline: Deadline
  /** Maximum attempts. */
  readonly maxAttempts: number
  /** Milliseconds for one attempt. */
  readonly timeout: number
  /** Milliseconds without a byte of the body. */
  readonly idleTimeout: number
  /** Maximum bytes of a buffered body. */
  readonly maxBytes: number
  /** The streamed response, if any. */
  stream: HttpResponse | undefined
}
