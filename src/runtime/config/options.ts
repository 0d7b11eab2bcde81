import type { Endpoint } from '../../shared/endpoint.ts'
import type { KeySource } from '../auth/credential.ts'
import type { Cache } from '../cache/cache.ts'
import type { CallError } from '../errors/call-errors.ts'
import type { LimitOptions } from '../limits/rates.ts'
import type { Notice, RateLimitEvent, RequestEvent, ResponseEvent, RetryEvent } from '../observe/hooks.ts'
import type { Logger, LogLevel } from '../observe/logger.ts'
import type { DeprecationMode } from '../observe/notices.ts'
import type { Tracer } from '../observe/tracing.ts'
import type { Middleware } from '../transport/middleware.ts'
import type { StandardSchema, ValidateMode } from '../transport/validate.ts'
import type { HeadersInput } from './headers.ts'
import type { Region } from './host.ts'

/** Options of retries. */
export interface RetryOptions {
  /** Maximum attempts, including the first. Default: 3. */
  readonly maxAttempts?: number | undefined
  /** Maximum milliseconds of the first backoff, which doubles with each attempt. Default: 500. */
  readonly initialDelay?: number | undefined
  /** Maximum milliseconds of any backoff. `Retry-After` may exceed it. Default: 20,000. */
  readonly maxDelay?: number | undefined
  /**
   * Decides about a retry after Typehog did. Return false to stop, true to retry, undefined for Typehog's own decision.
   * `true` has no effect for a write, which PostHog may have processed, and never exceeds `maxAttempts` or `totalTimeout`.
   *
   * @example createClient({ retry: { decide: ({ error }) => (error.status === 500 ? false : undefined) } })
   */
  readonly decide?: ((failure: RetryFailure) => boolean | undefined) | undefined
}

/** A failed attempt, for `retry.decide`. */
export interface RetryFailure {
  /** An `APIError`, a `ConnectionError` or a `TimeoutError`. */
  readonly error: CallError & { readonly status?: number | undefined }
  /** Method and path template. */
  readonly operation: string
  /** The attempt that failed, counted from 1. */
  readonly attempt: number
  /** Whether Typehog would retry it, if time and attempts are left. */
  readonly retry: boolean
  /** Why, such as `rate limited`. */
  readonly reason: string
}

/** Options of a client. Key, project and host may come from the environment instead. */
export interface ClientOptions {
  /**
   * A personal API key (`phx_`), a project secret API key (`phs_`), an OAuth access token (`pha_`), `oauth({ … })`
   * that renews one, or a function that returns a key. Typehog calls the function before each attempt, and once more
   * after a 401. If it then returns another key, Typehog retries the request.
   * Default: `POSTHOG_PERSONAL_API_KEY`, `POSTHOG_PROJECT_SECRET_API_KEY`, `POSTHOG_CLI_API_KEY`, or
   * `POSTHOG_API_KEY` when that is a private key.
   */
  readonly apiKey?: KeySource | undefined
  /** Id of the project. Default: `POSTHOG_PROJECT_ID`. */
  readonly projectId?: number | string | undefined
  /** Id of the organization, for routes under `/api/organizations/`. */
  readonly organizationId?: string | undefined
  /** Region of PostHog Cloud. Default: `us`. */
  readonly region?: Region | undefined
  /** URL of PostHog. Default: `POSTHOG_API_HOST`, `POSTHOG_HOST`, or else the region's URL. */
  readonly host?: string | undefined
  /** Milliseconds for one attempt, including the body; for streams, up to the headers. Default: 60,000. */
  readonly timeout?: number | undefined
  /**
   * Milliseconds without a byte once the body has started. Default: 60,000. For streams, this is the only limit.
   * `timeout` also limits buffered bodies.
   */
  readonly idleTimeout?: number | undefined
  /** Milliseconds for all attempts of a call and the waits between them. Default: 300,000. */
  readonly totalTimeout?: number | undefined
  /**
   * Maximum bytes of a buffered response, after decompression; for streams, of one row or event. A larger one throws
   * `ResponseTooLargeError`. Default: 512,000,000.
   */
  readonly maxResponseBytes?: number | undefined
  /** Retry options; `false` disables retries. */
  readonly retry?: false | RetryOptions | undefined
  /** Headers of every request: an object, a `Headers`, or an array of pairs. */
  readonly headers?: HeadersInput | undefined
  /** Options of the rate limiter, which keeps calls within PostHog's limits; `false` disables it. */
  readonly limits?: false | LimitOptions | undefined
  /**
   * Checks a rejected key in the other region of PostHog Cloud, so that the error can name the right region. This sends
   * the key there, once. Default: `true`.
   */
  readonly findRegion?: boolean | undefined
  /** Cache for results of queries with a `ttl`. Default: a memory cache. */
  readonly cache?: Cache | undefined
  /**
   * Milliseconds for one command of `cache`. If it fails or times out, the call continues without the cache. After a
   * timeout, calls skip the cache for ten seconds. Default: 1,000.
   */
  readonly cacheTimeout?: number | undefined
  /** Wraps every attempt; the first is the outermost. */
  readonly middleware?: readonly Middleware[] | undefined
  /** Destination of log lines. Private keys are redacted. Default: `console`. */
  readonly logger?: Logger | undefined
  /** Minimum level of log lines. Default: the environment variable `TYPEHOG_LOG`, or `warn`. */
  readonly logLevel?: LogLevel | undefined
  /** An OpenTelemetry tracer, or an object of the same shape. Each call becomes a span. */
  readonly tracer?: Tracer | undefined
  /** Replaces the global `fetch`. Gets `redirect: 'manual'` and a signal. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** Allows browsers, where every visitor can read the key. Default: `false`. */
  readonly dangerouslyAllowBrowser?: boolean | undefined
  /** Reaction to a response that does not match its schema. Needs `validators`. Default: `off`. */
  readonly validate?: ValidateMode | undefined
  /** Response schemas by method and path, such as `responseValidators` of `typehog/zod`. */
  readonly validators?: ((operation: string) => StandardSchema | undefined) | undefined
  /**
   * Endpoints that `endpoints.run` finds by name: the object that `typehog endpoints pull` writes. A run by name then
   * has its pinned version. Default: none, so that a name runs the latest version.
   *
   * @example createClient({ endpoints })
   */
  readonly endpoints?: Readonly<Record<string, Endpoint<unknown, unknown>>> | undefined
  /** Reaction when an endpoint runs a version other than the pinned one. Default: `throw`. */
  readonly onVersionDrift?: 'throw' | 'warn' | 'ignore' | undefined
  /** Called before each attempt. */
  readonly onRequest?: ((event: RequestEvent) => void) | undefined
  /** Called after each response, whatever its status. */
  readonly onResponse?: ((event: ResponseEvent) => void) | undefined
  /** Called before each wait for a retry. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
  /** Called when a rate limit delays a call, or PostHog responds 429. */
  readonly onRateLimit?: ((event: RateLimitEvent) => void) | undefined
  /**
   * Called when PostHog warns in a response, or when an operation is deprecated. Once per message and call site, for each
   * client, like the log line.
   */
  readonly onNotice?: ((notice: Notice) => void) | undefined
  /**
   * Reaction to a deprecated operation. `throw` throws a DeprecationError: before anything is sent, or after the response
   * if only its headers reveal the deprecation. `ignore` writes no log line; `onNotice` still gets the notice.
   * Default: `log`.
   */
  readonly deprecations?: DeprecationMode | undefined
}
