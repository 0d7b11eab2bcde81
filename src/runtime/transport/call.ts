import type { AttemptRecord } from '../errors/call-errors.ts'
import type { Priority, ThrottleClass } from '../limits/rates.ts'
import type { Logger } from '../observe/logger.ts'
import type { Deadline } from './deadline.ts'
import type { BodyReader, Bytes, HttpResponse } from './http-response.ts'

/** What may be sent as a body, any number of times. */
export type HttpRequestBody = string | Bytes | FormData | Blob

/** One request on its way out. Plain data: a `Request` is made of it only for middlewares that want to see one. */
export interface HttpRequest {
  readonly method: string
  readonly url: string
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: HttpRequestBody | undefined
}

/** What the pipeline has to know of one call, besides its request. */
export interface Call {
  /** Method and path template, such as `GET /api/projects/{project_id}/cohorts/{id}/`. Names the call in errors. */
  readonly operation: string
  /** `safe`: may be sent again after an unknown outcome (reads, and POSTs that only read). */
  readonly replay: 'safe' | 'unsafe'
  /** Which of PostHog's rate limits counts it. Default: `default`. */
  readonly throttle?: ThrottleClass | undefined
  /** True when PostHog runs a query for it and therefore takes only a few at once. */
  readonly runsQuery?: boolean | undefined
  /** The project of the path, for limits that a project shares. */
  readonly project?: string | undefined
  /** Takes a project's token in its body, and goes without the key to the host that takes events. */
  readonly public?: boolean | undefined
  /** An older PostHog may know the route under `/api/environments/` only. */
  readonly underEnvironments?: boolean | undefined
  /** Who goes first while calls wait for a rate limit. Default: `normal`. */
  readonly priority?: Priority | undefined
  /** Cancels the call, its waits included. Pass it here and not to the request. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds for one attempt, body included; for streams up to the headers. Default: the client's. */
  readonly timeout?: number | undefined
  /** Milliseconds for all attempts and the waits between them. Default: the client's. */
  readonly totalTimeout?: number | undefined
  /**
   * Milliseconds that are left now. Replaces `totalTimeout` for shared work, whose callers come and go: `signal` ends
   * it.
   */
  readonly timeLeft?: (() => number) | undefined
  /** Called each time the request leaves for the server. */
  readonly onSend?: (() => void) | undefined
  /** Attempts at most, the first included. Default: the client's. */
  readonly maxAttempts?: number | undefined
  /**
   * `buffer` reads the body within the attempt, `stream` hands it over as it arrives; a function makes the sink that
   * takes a JSON body in.
   */
  readonly body: 'buffer' | 'stream' | (() => BodyReader)
}

/** What a middleware learns about the call that it takes part in. */
export interface CallContext {
  /** Method and path template. */
  readonly operation: string
  readonly call: Call
  /** Number of the attempt under way, counted from 1. */
  attempt: number
  /** Attempts that have ended. */
  readonly attempts: AttemptRecord[]
  /** When the total timeout ends, by the platform's monotonic clock. */
  readonly endsAt: number
  /** Aborts with the caller's reason, or when the total timeout is over. */
  readonly signal: AbortSignal
  readonly log: Logger
}

/** The same call as the steps of the pipeline know it. */
export interface CallState extends CallContext {
  /** Its owner ends it, except for a stream, which ends it with its body. */
  readonly deadline: Deadline
  /** Attempts at most. */
  readonly maxAttempts: number
  /** Milliseconds for one attempt. */
  readonly timeout: number
  /** Milliseconds without a byte of the body. */
  readonly idleTimeout: number
  /** Bytes of a body that is read at once. */
  readonly maxBytes: number
  /** The body that was handed out unread, if one was. */
  stream: HttpResponse | undefined
}
