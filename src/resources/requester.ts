import type { Operations } from '../generated/operations.gen.ts'
import type { Config } from '../runtime/config/resolve.ts'
import type { Priority, ThrottleClass } from '../runtime/limits/buckets.ts'
import type { Logger } from '../runtime/observe/logger.ts'
import type { List } from '../runtime/paging/list.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import type { BodySink } from '../runtime/transport/body-sink.ts'
import type { StandardSchema, ValidateMode } from '../runtime/transport/validate.ts'
import type { ListItem, ListRoute } from './list-route.ts'

export type { ListItem, ListRoute } from './list-route.ts'

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
  /** Who goes first while calls wait for a rate limit. Default: `normal`. */
  readonly priority?: Priority
  /** What happens when the answer does not fit its schema. Default: the client's `validate`. */
  readonly validate?: ValidateMode
  /** Holds the answer against this schema, of zod or any library that follows Standard Schema; throws by default. */
  readonly schema?: StandardSchema
}

/** Options that resources set for the calls that they make. */
export interface RouteOptions extends CallOptions {
  /** Which rate limit counts the call, where that depends on more than the operation. */
  readonly throttle?: ThrottleClass
  /** Reads JSON bodies. Default: `JSON.parse`. */
  readonly parse?: (text: string) => unknown
  /** `stream` leaves the body to whoever asks for the response. Default: `buffer`. */
  readonly body?: 'buffer' | 'stream'
  /** Milliseconds that are left now, for shared work; replaces `totalTimeout`. `signal` ends the call. */
  readonly timeLeft?: () => number
  /** Called each time the request leaves for the server. */
  readonly onSend?: () => void
  /** Takes a JSON body in while it arrives; what it makes of it is the data. Not used where others look at the body. */
  readonly sink?: () => BodySink
}

/** Options of a list. */
export interface ListOptions extends CallOptions {
  /** Goes on from here: `next` of a page, or `cursor` of a list or an error. */
  readonly cursor?: string
  /** Whether the next page is asked for while the current one is read. Default: `true`. */
  readonly prefetch?: boolean
}

/** Input may be left out when nothing in it is required. */
export type RequestArguments<R extends Route> =
  Record<never, never> extends RequestInput<R>
    ? [input?: RequestInput<R>, options?: RouteOptions]
    : [input: RequestInput<R>, options?: RouteOptions]

/** Input of a list, which may be left out when nothing in it is required. */
export type ListArguments<R extends Route> =
  Record<never, never> extends RequestInput<R>
    ? [input?: RequestInput<R>, options?: ListOptions]
    : [input: RequestInput<R>, options?: ListOptions]

/** What resources stand on: typed calls, the configuration and the log. */
export interface Requester {
  readonly config: Config
  readonly log: Logger
  request<R extends Route>(route: R, ...args: RequestArguments<R>): APIPromise<RequestOutput<R>>
  list<R extends ListRoute>(route: R, ...args: ListArguments<R>): List<ListItem<R>>
}
