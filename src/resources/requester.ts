import type { Operations } from '../generated/operations.gen.ts'
import type { Config } from '../runtime/config/resolve.ts'
import type { Logger } from '../runtime/observe/logger.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'

/** A method and a path of PostHog's API, as its schema spells them. */
export type Route = keyof Operations

/** What an operation takes: `path`, `query` and `body`, each required where the operation needs it. */
export type RequestInput<R extends Route> = Omit<Operations[R]['input'], 'url'>

/** What an operation answers. */
export type RequestOutput<R extends Route> = Operations[R]['output']

/** Options of one call. */
export interface CallOptions {
  /** Cancels the call, its waits included. The reason is thrown as it is. */
  readonly signal?: AbortSignal
  /** Milliseconds for one attempt, body included. Default: the client's `timeout`. */
  readonly timeout?: number
  /** Milliseconds for all attempts and the waits between them. Default: the client's `totalTimeout`. */
  readonly totalTimeout?: number
  /** Attempts at most, the first included. Default: the client's `retry.maxAttempts`. */
  readonly maxAttempts?: number
  /** Headers added to this call. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Input may be left out when nothing in it is required. */
export type RequestArguments<R extends Route> =
  Record<never, never> extends RequestInput<R>
    ? [input?: RequestInput<R>, options?: CallOptions]
    : [input: RequestInput<R>, options?: CallOptions]

/** What resources stand on: typed calls, the configuration and the log. */
export interface Requester {
  readonly config: Config
  readonly log: Logger
  request<R extends Route>(route: R, ...args: RequestArguments<R>): APIPromise<RequestOutput<R>>
}
