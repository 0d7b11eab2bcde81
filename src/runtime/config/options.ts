import type { KeySource } from '../auth/credential.ts'
import type { Cache } from '../cache/cache.ts'
import type { LimitOptions } from '../limits/rates.ts'
import type { RateLimitEvent, RequestEvent, ResponseEvent, RetryEvent } from '../observe/hooks.ts'
import type { Logger, LogLevel } from '../observe/logger.ts'
import type { Tracer } from '../observe/tracing.ts'
import type { Middleware } from '../transport/middleware.ts'
import type { StandardSchema, ValidateMode } from '../transport/validate.ts'
import type { HeadersInput } from './headers.ts'
import type { Region } from './host.ts'

/** When and how often a failed attempt is repeated. */
export interface RetryOptions {
  /** Attempts at most, the first included. Default: 3. */
  readonly maxAttempts?: number | undefined
  /** Milliseconds: ceiling of the first wait, which doubles with each attempt. Default: 500. */
  readonly initialDelay?: number | undefined
  /** Milliseconds: ceiling of any wait that PostHog did not ask for. Default: 20,000. */
  readonly maxDelay?: number | undefined
}

/** Options of a client. Everything may come from the environment instead; see each option. */
export interface ClientOptions {
  /**
   * A personal API key (`phx_`), a project secret API key (`phs_`), an OAuth access token (`pha_`), `oauth({ … })`
   * that renews one, or a function that returns a key. The function is asked before each attempt, and once more
   * after a 401; when it then returns another key, the request is sent again.
   * Default: `POSTHOG_PERSONAL_API_KEY`, `POSTHOG_PROJECT_SECRET_API_KEY`, `POSTHOG_CLI_API_KEY`, or
   * `POSTHOG_API_KEY` when that is a private key.
   */
  readonly apiKey?: KeySource | undefined
  /** Number of the project. Default: `POSTHOG_PROJECT_ID`. */
  readonly projectId?: number | string | undefined
  /** Id of the organization, for routes under `/api/organizations/`. */
  readonly organizationId?: string | undefined
  /** Region of PostHog Cloud. Default: `us`. */
  readonly region?: Region | undefined
  /** Address of PostHog. Default: `POSTHOG_API_HOST`, `POSTHOG_HOST`, else the region's. */
  readonly host?: string | undefined
  /** Milliseconds for one attempt, body included; for streams up to the headers. Default: 60,000. */
  readonly timeout?: number | undefined
  /**
   * Milliseconds without a byte once the body has begun. Default: 60,000. Bodies that are read at once end with
   * `timeout` anyway; for streams this is the only limit.
   */
  readonly idleTimeout?: number | undefined
  /** Milliseconds for all attempts of a call and the waits between them. Default: 300,000. */
  readonly totalTimeout?: number | undefined
  /**
   * Bytes of a response that is read at once, after decompression; of streams, bytes of one row or event. A larger one
   * is a `ResponseTooLargeError`. Default: 512,000,000.
   */
  readonly maxResponseBytes?: number | undefined
  /** `false` for one attempt only. */
  readonly retry?: false | RetryOptions | undefined
  /** Headers of every request: an object, a `Headers`, or pairs of name and value. */
  readonly headers?: HeadersInput | undefined
  /** How the client keeps within PostHog's rate limits; `false` sends without counting. */
  readonly limits?: false | LimitOptions | undefined
  /**
   * Asks the other region of PostHog Cloud whether it knows a key that this one refused, so that the error can name
   * the right region. This sends the key there, once. Default: `true`.
   */
  readonly findRegion?: boolean | undefined
  /** Keeps answers of queries that have a `ttl`. Default: the memory of this process. */
  readonly cache?: Cache | undefined
  /**
   * Milliseconds for one command of `cache`. A call continues without a cache that fails or takes longer; the next
   * ones skip it for ten seconds. Default: 1,000.
   */
  readonly cacheTimeout?: number | undefined
  /** Wraps every attempt; the first is the outermost. */
  readonly middleware?: readonly Middleware[] | undefined
  /** Where log lines go. Default: `console`. Private keys are blotted out. */
  readonly logger?: Logger | undefined
  /** Least severe level that is logged. Default: `warn`. */
  readonly logLevel?: LogLevel | undefined
  /** A tracer of OpenTelemetry, or whatever has its shape: each call becomes a span. */
  readonly tracer?: Tracer | undefined
  /** Replaces the global `fetch`. It is handed `redirect: 'manual'` and a signal. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** Allows browsers, where every visitor can read the key. Default: `false`. */
  readonly dangerouslyAllowBrowser?: boolean | undefined
  /** What happens when an answer does not fit its schema. Needs `validators`. Default: `off`. */
  readonly validate?: ValidateMode | undefined
  /** Schemas of answers by method and path, such as `responseValidators` of `typehog/zod`. */
  readonly validators?: ((operation: string) => StandardSchema | undefined) | undefined
  /** What happens when an endpoint ran at another version than the pinned one. Default: `throw`. */
  readonly onVersionDrift?: 'throw' | 'warn' | 'ignore' | undefined
  /** Told before each attempt. */
  readonly onRequest?: ((event: RequestEvent) => void) | undefined
  /** Told after each attempt that was answered, whatever the status. */
  readonly onResponse?: ((event: ResponseEvent) => void) | undefined
  /** Told before each wait for another attempt. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
  /** Told when a rate limit holds a call back, or PostHog refuses one. */
  readonly onRateLimit?: ((event: RateLimitEvent) => void) | undefined
}
