/** All defaults of the client. A test compares the table in the README with this object. */
export const defaults: {
  readonly host: string
  readonly timeout: number
  readonly idleTimeout: number
  readonly totalTimeout: number
  readonly cacheTimeout: number
  readonly maxResponseBytes: number
  readonly maxAttempts: number
  readonly initialDelay: number
  readonly maxDelay: number
  readonly retryBudget: { readonly capacity: number; readonly perSuccess: number; readonly perSecond: number }
  readonly maxRedirects: number
  readonly maxConcurrentQueries: number
  readonly maxConcurrentMaterializedRuns: number
  readonly limitStoreTimeout: number
  readonly findRegion: boolean
  readonly prefetch: boolean
  readonly listConcurrency: number
  readonly validate: 'off'
  readonly logLevel: 'warn'
  readonly onVersionDrift: 'throw'
  readonly deprecations: 'log'
} = {
  /** PostHog Cloud US. */
  host: 'https://us.posthog.com',
  /** Milliseconds for one attempt, including the body. PostHog queues a query for 30 s and runs it for 10 s. */
  timeout: 60_000,
  /** Milliseconds without a byte, once the body has started. */
  idleTimeout: 60_000,
  /** Milliseconds for all attempts of a call and the waits between them. */
  totalTimeout: 300_000,
  /** Milliseconds for one cache command. Afterwards, the call continues without the cache. */
  cacheTimeout: 1_000,
  /** Maximum bytes of a buffered response, decompressed. The maximum length of a JavaScript string is little more. */
  maxResponseBytes: 512_000_000,
  /** Maximum attempts of a call, including the first. */
  maxAttempts: 3,
  /** Maximum milliseconds of the first backoff. Doubles with each attempt. */
  initialDelay: 500,
  /** Maximum milliseconds of any backoff. `Retry-After` may exceed it. */
  maxDelay: 20_000,
  /** Maximum retries at once, and the retries that each success and each second earn back. */
  retryBudget: { capacity: 20, perSuccess: 0.2, perSecond: 0.1 },
  /** Maximum redirects of a GET, within the configured origin. */
  maxRedirects: 5,
  /** Queries of a project at once, as many as PostHog runs (PostHog/posthog posthog/clickhouse/client/limit.py). */
  maxConcurrentQueries: 3,
  /** Runs of materialized endpoints of a project at once (PostHog's docs on the rate limits of Endpoints). */
  maxConcurrentMaterializedRuns: 10,
  /** Milliseconds to wait for an answer of the limit store. */
  limitStoreTimeout: 1_000,
  /** Whether Typehog checks a rejected key in the other region of PostHog Cloud. */
  findRegion: true,
  /** Whether a list requests the next page while the caller reads the current one. */
  prefetch: true,
  /** Maximum pages of a list in flight. */
  listConcurrency: 1,
  /** Reaction to a response that does not match its schema. */
  validate: 'off',
  /** Least severe level that is logged. */
  logLevel: 'warn',
  /** Reaction when an endpoint runs a version other than the pinned one. */
  onVersionDrift: 'throw',
  /** Reaction to a deprecated operation. */
  deprecations: 'log',
}
