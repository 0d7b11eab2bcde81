import type { Lists, Operations } from '../generated/operations.gen.ts'
import type { OptionNames } from '../runtime/config/check-options.ts'
import type { HeadersInput } from '../runtime/config/headers.ts'
import type { Config } from '../runtime/config/resolve.ts'
import type { Priority, ThrottleClass } from '../runtime/limits/rates.ts'
import type { Logger } from '../runtime/observe/logger.ts'
import type { List } from '../runtime/paging/list.ts'
import type { Platform } from '../runtime/platform.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import type { BodyReader } from '../runtime/transport/http-response.ts'
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

/** Options of `request`. */
export interface RequestOptions extends CallOptions {
  /** Validates the response, and makes the data of it. See `WithSchema`. */
  readonly schema?: StandardSchema | undefined
}

/** What resources set for the requests that they send. Callers of a client cannot. */
export interface InternalOptions {
  /** Throttle class, where it depends on more than the operation. */
  readonly throttle?: ThrottleClass | undefined
  /** Parses JSON bodies. Default: `JSON.parse`. */
  readonly parse?: ((text: string) => unknown) | undefined
  /** `stream` leaves the body to the caller of `asResponse`. Default: `buffer`. */
  readonly body?: 'buffer' | 'stream' | undefined
  /** Reads a JSON body while it arrives; its value is the data. Skipped where middleware or a schema needs the body. */
  readonly bodyReader?: (() => BodyReader) | undefined
  /** Milliseconds left, for shared work. Replaces `totalTimeout`; `signal` ends the call. */
  readonly timeLeft?: (() => number) | undefined
  /** Called each time the request leaves for the server. */
  readonly onSend?: (() => void) | undefined
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
    ? [input?: RequestInput<R>, options?: RequestOptions]
    : [input: RequestInput<R>, options?: RequestOptions]

/** Input of a list, which may be left out when nothing in it is required. */
export type ListArguments<R extends Route> =
  Record<never, never> extends RequestInput<R>
    ? [input?: RequestInput<R>, options?: ListOptions]
    : [input: RequestInput<R>, options?: ListOptions]

/** Calls an operation, typed by its method and path. */
export interface RequestFunction {
  <R extends Route, Output>(
    route: R,
    input: RequestArguments<R>[0],
    options: WithSchema<CallOptions, Output>,
  ): APIPromise<Output>
  <R extends Route>(route: R, ...args: RequestArguments<R>): APIPromise<RequestOutput<R>>
}

/** Lists what an operation returns page by page, typed by its method and path. */
export interface ListFunction {
  <R extends ListRoute, Output>(
    route: R,
    input: ListArguments<R>[0],
    options: WithSchema<ListOptions, Output>,
  ): List<Output>
  <R extends ListRoute>(route: R, ...args: ListArguments<R>): List<ListItem<R>>
}

/** What resources use of a client: typed calls, the configuration, the log and the platform. */
export interface Requester {
  readonly config: Config
  readonly log: Logger
  readonly platform: Platform
  request<R extends Route>(
    route: R,
    input?: RequestInput<R>,
    options?: RequestOptions,
    internal?: InternalOptions,
  ): APIPromise<RequestOutput<R>>
  list<R extends ListRoute>(
    route: R,
    input?: RequestInput<R>,
    options?: ListOptions,
    internal?: InternalOptions,
  ): List<ListItem<R>>
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
