import type { Lists, Operations } from '../generated/operations.gen.ts'
import type { OptionNames } from '../runtime/config/check-options.ts'
import type { HeadersInput } from '../runtime/config/headers.ts'
import type { Config } from '../runtime/config/resolve.ts'
import type { Priority, ThrottleClass } from '../runtime/limits/rates.ts'
import type { Logger } from '../runtime/observe/logger.ts'
import type { List } from '../runtime/paging/list.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import type { BodyReader } from '../runtime/transport/read-body.ts'
import type { StandardSchema, ValidateMode } from '../runtime/transport/validate.ts'

/** A method and a path of PostHog's API, as its schema spells them. */
export type Route = keyof Operations

/** What an operation takes: `path`, `query` and `body`, each required where the operation needs it. */
export type RequestInput<R extends Route> = Omit<Operations[R]['input'], 'url'>

/** What an operation answers. */
export type RequestOutput<R extends Route> = Operations[R]['output']

/** Options of one call. */
export interface CallOptions {
  /** Cancels the call, its waits included. The reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds for one attempt, body included. Default: the client's `timeout`. */
  readonly timeout?: number | undefined
  /** Milliseconds for all attempts and the waits between them. Default: the client's `totalTimeout`. */
  readonly totalTimeout?: number | undefined
  /** Attempts at most, the first included. Default: the client's `retry.maxAttempts`. */
  readonly maxAttempts?: number | undefined
  /** Headers of this call: an object, a `Headers`, or pairs of name and value. They win over those of the client. */
  readonly headers?: HeadersInput | undefined
  /** Who goes first while calls wait for a rate limit. Default: `normal`. */
  readonly priority?: Priority | undefined
  /** What happens when the response does not fit its schema. Default: the client's `validate`. */
  readonly validate?: ValidateMode | undefined
}

/** The names of `CallOptions`, for checks. */
export const callOptionNames: OptionNames<CallOptions> = {
  signal: true,
  timeout: true,
  totalTimeout: true,
  maxAttempts: true,
  headers: true,
  priority: true,
  validate: true,
}

/**
 * Options with a schema of zod or any library that follows Standard Schema. The data is what the schema makes of the
 * response, or of each item of a list. A response that does not fit throws `ResponseValidationError`; with
 * `validate: 'warn'` it is logged, and the data is the response as it came.
 */
export type WithSchema<Options, Output> = Options & { readonly schema: StandardSchema<Output> }

/** Options that resources set for the calls that they make. */
export interface RouteOptions extends CallOptions {
  /** Validates the response, and makes the data of it. See `WithSchema`. */
  readonly schema?: StandardSchema | undefined
  /** Which rate limit counts the call, where that depends on more than the operation. */
  readonly throttle?: ThrottleClass | undefined
  /** Reads JSON bodies. Default: `JSON.parse`. */
  readonly parse?: ((text: string) => unknown) | undefined
  /** `stream` leaves the body to whoever asks for the response. Default: `buffer`. */
  readonly body?: 'buffer' | 'stream' | undefined
  /** Milliseconds that are left now, for shared work; replaces `totalTimeout`. `signal` ends the call. */
  readonly timeLeft?: (() => number) | undefined
  /** Called each time the request leaves for the server. */
  readonly onSend?: (() => void) | undefined
  /** Takes a JSON body in while it arrives; what it makes of it is the data. Not used where others look at the body. */
  readonly sink?: (() => BodyReader) | undefined
}

/** Options of a list. */
export interface ListOptions extends CallOptions {
  /** Goes on from here: `next` of a page, or `cursor` of a list or an error. */
  readonly cursor?: string | undefined
  /** Whether the next page is asked for while the current one is read. Default: `true`. */
  readonly prefetch?: boolean | undefined
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
  request<R extends Route, Output>(
    route: R,
    input: RequestArguments<R>[0],
    options: WithSchema<RouteOptions, Output>,
  ): APIPromise<Output>
  request<R extends Route>(route: R, ...args: RequestArguments<R>): APIPromise<RequestOutput<R>>
  list<R extends ListRoute, Output>(
    route: R,
    input: ListArguments<R>[0],
    options: WithSchema<ListOptions, Output>,
  ): List<Output>
  list<R extends ListRoute>(route: R, ...args: ListArguments<R>): List<ListItem<R>>
}

/** A method and a path that answer a list. */
export type ListRoute = keyof Lists

/** One item of a list. */
export type ListItem<R extends ListRoute> = Lists[R]

/** Names of what the client fills in. */
type FilledIn = 'project_id' | 'organization_id'

/** Filters of a route, as PostHog spells them. */
export type QueryOf<R extends Route> = Exclude<RequestInput<R>['query' & keyof RequestInput<R>], undefined>

/** The body that a route takes. */
export type BodyOf<R extends Route> = Exclude<RequestInput<R>['body' & keyof RequestInput<R>], undefined>

/** What names one object in a route's path. */
export type IdOf<R extends Route> =
  Exclude<RequestInput<R>['path' & keyof RequestInput<R>], undefined> extends infer Path
    ? Path[Exclude<keyof Path, FilledIn>]
    : never

/** What a route answers. */
export type ResponseOf<R extends Route> = RequestOutput<R>

// Asked as `Extract<Route, R>`, the compiler would hold each of a thousand routes against each of these: nine tenths of
// what it does for a small program. Asked as `R extends Route ? R : never`, it would do the like for the declarations.

/** Those of some routes that exist. */
export type Known<R extends string> = R extends infer Found extends Route ? Found : never

/** Those of some routes that exist and answer lists. */
export type KnownList<R extends string> = R extends infer Found extends ListRoute ? Found : never
