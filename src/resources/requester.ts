import type { Lists, Operations } from '../generated/operations.gen.ts'
import type { OptionNames } from '../runtime/config/check-options.ts'
import type { CallHeaders } from '../runtime/config/headers.ts'
import type { Config } from '../runtime/config/resolve.ts'
import type { Priority, ThrottleClass } from '../runtime/limits/rates.ts'
import type { Logger } from '../runtime/observe/logger.ts'
import type { List } from '../runtime/paging/list.ts'
import type { Platform } from '../runtime/platform.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import type { BodyReader } from '../runtime/transport/http-response.ts'
import type { StandardSchema, ValidateMode } from '../runtime/transport/validate.ts'

/** A route of PostHog's API: method and path, as in PostHog's schema. */
export type Route = keyof Operations

/** Input of a route: `path`, `query` and `body`, each required if the route requires it. */
export type RequestInput<R extends Route> = {
  [Part in keyof Operations[R]['input']]: Operations[R]['input'][Part]
}

/** Response data of a route. */
export type RequestOutput<R extends Route> = Operations[R]['output']

/** Options of one call. */
export interface CallOptions {
  /** Cancels the call, including its waits. Its reason is thrown unchanged. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds for one attempt, including its body. Default: the client's `timeout`. */
  readonly timeout?: number | undefined
  /** Milliseconds for all attempts and the waits between them. Default: the client's `totalTimeout`. */
  readonly totalTimeout?: number | undefined
  /** Maximum number of attempts, including the first. Default: the client's `retry.maxAttempts`. */
  readonly maxAttempts?: number | undefined
  /**
   * Headers: an object, a `Headers`, or pairs of name and value. They override the client's headers; `null` drops one.
   * See `CallHeaders`.
   */
  readonly headers?: CallHeaders | undefined
  /** Priority while calls wait for a rate limit. Default: `normal`. */
  readonly priority?: Priority | undefined
  /** How to handle a response that does not match its schema. Default: the client's `validate`. */
  readonly validate?: ValidateMode | undefined
}

/** Names of `CallOptions`, for validation. */
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
 * Options with a schema of zod or another Standard Schema library. The schema parses the response, or each item of a
 * list, and its output is the data. A mismatch throws `ResponseValidationError`. With `validate: 'warn'`, Typehog logs
 * the mismatch and returns the response unchanged.
 */
export type WithSchema<Options, Output> = Options & { readonly schema: StandardSchema<Output> }

/** Options of `request`. */
export interface RequestOptions extends CallOptions {
  /** Validates and parses the response. See `WithSchema`. */
  readonly schema?: StandardSchema | undefined
}

/** Internal options that resources set on requests. They are not public. */
export interface InternalOptions {
  /** Throttle class, if it depends on more than the route. */
  readonly throttle?: ThrottleClass | undefined
  /** Parses JSON bodies. Default: `JSON.parse`. */
  readonly parse?: ((text: string) => unknown) | undefined
  /** `stream` leaves the body unread for `asResponse`. Default: `buffer`. */
  readonly body?: 'buffer' | 'stream' | undefined
  /** Parses a JSON body as it arrives; its value is the data. Not used if middleware or a schema needs the body. */
  readonly bodyReader?: (() => BodyReader) | undefined
  /** Returns the milliseconds left for shared work. Replaces `totalTimeout`; `signal` ends the call. */
  readonly timeLeft?: (() => number) | undefined
  /** Called each time the request is sent. */
  readonly onSend?: (() => void) | undefined
}

/** Options of a list. */
export interface ListOptions extends CallOptions {
  /** Cursor to resume from: `next` of a page, or `cursor` of a list or an error. */
  readonly cursor?: string | undefined
  /** Fetches the next page while you read the current one. Default: `true`. */
  readonly prefetch?: boolean | undefined
  /**
   * Maximum number of pages in flight, and of pages held ahead of the reader: 1 to 16. Default: 1. Order, cursors and
   * errors stay the same. Throws `ConfigurationError` together with `prefetch: false`.
   *
   * Applies to lists with a `count` whose pages have an `offset`, as most of PostHog's. Other lists send one request at a
   * time. If `count` changes between two pages, Typehog requests the second one again. It cannot see that one object was
   * created and another one deleted at the same moment: then an item may be missing.
   *
   * @example
   * for await (const cohort of posthog.cohorts.list({}, { concurrency: 4 })) console.log(cohort.name)
   */
  readonly concurrency?: number | undefined
}

/** The part of a client that resources use: typed requests, configuration, logger and platform. */
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

/** A route that returns a list. */
export type ListRoute = keyof Lists

/** One item of a list. */
export type ListItem<R extends ListRoute> = Lists[R]

/** Path parameters that the client fills in. */
type FilledIn = 'project_id' | 'organization_id'

/** Query parameters of a route, named as in PostHog's API. */
export type QueryOf<R extends Route> = Exclude<RequestInput<R>['query' & keyof RequestInput<R>], undefined>

/** Request body of a route. */
export type BodyOf<R extends Route> = Exclude<RequestInput<R>['body' & keyof RequestInput<R>], undefined>

/** Type of the id in a route's path. */
export type IdOf<R extends Route> =
  Exclude<RequestInput<R>['path' & keyof RequestInput<R>], undefined> extends infer Path
    ? Path[Exclude<keyof Path, FilledIn>]
    : never

/** Response data of a route. */
export type ResponseOf<R extends Route> = RequestOutput<R>

// `Extract<Route, R>` makes the compiler compare each of a thousand routes: 90 % of its work for a small program.
// `R extends Route ? R : never` has the same cost for the declarations.

/** Narrows strings to existing routes. */
export type Known<R extends string> = R extends infer Found extends Route ? Found : never

/** Narrows strings to existing routes that return lists. */
export type KnownList<R extends string> = R extends infer Found extends ListRoute ? Found : never
