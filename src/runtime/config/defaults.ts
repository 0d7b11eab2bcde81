/** Every default of the client, each once. The table in the README is tested against this object. */
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
  readonly queriesAtOnce: number
  readonly tableReadsAtOnce: number
  readonly limitStoreTimeout: number
  readonly findRegion: boolean
  readonly prefetch: boolean
  readonly validate: 'off'
  readonly logLevel: 'warn'
  readonly onVersionDrift: 'throw'
} = {
  /** Where requests go: PostHog Cloud US. */
  host: 'https://us.posthog.com',
  /** Milliseconds for one attempt, body included. PostHog itself queues a query for 30 s and runs it for 10 s. */
  timeout: 60_000,
  /** Milliseconds without a byte, once the body has begun. */
  idleTimeout: 60_000,
  /** Milliseconds for all attempts of a call and the waits between them. */
  totalTimeout: 300_000,
  /** Milliseconds for one command of the cache; after that the call continues without it. */
  cacheTimeout: 1_000,
  /** Bytes of a response that is read at once, decompressed. A JavaScript string holds little more. */
  maxResponseBytes: 512_000_000,
  /** Attempts of a call, the first included. */
  maxAttempts: 3,
  /** Milliseconds: ceiling of the first wait; doubles with each attempt. */
  initialDelay: 500,
  /** Milliseconds: ceiling of any wait that the server did not ask for. */
  maxDelay: 20_000,
  /** Retries of a client at once; what a success and a second earn back, in retries. */
  retryBudget: { capacity: 20, perSuccess: 0.2, perSecond: 0.1 },
  /** Redirects of a GET that are followed within the configured origin. */
  maxRedirects: 5,
  /** Queries of a project at once, as many as PostHog runs (PostHog/posthog posthog/clickhouse/client/limit.py). */
  queriesAtOnce: 3,
  /** Runs of materialised endpoints of a project at once (PostHog's docs on the rate limits of Endpoints). */
  tableReadsAtOnce: 10,
  /** Milliseconds to wait for an answer of the limit store. */
  limitStoreTimeout: 1_000,
  /** Whether the other region of PostHog Cloud is asked about a key that this one refused. */
  findRegion: true,
  /** Whether the next page of a list is asked for while the current one is read. */
  prefetch: true,
  /** What happens when an answer does not fit its schema. */
  validate: 'off',
  /** Least severe level that is logged. */
  logLevel: 'warn',
  /** What happens when an endpoint ran at another version than the pinned one. */
  onVersionDrift: 'throw',
}
