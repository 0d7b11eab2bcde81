import type { SqlEngine } from './engine/sql-engine.ts'
import type { Fault } from './faults/fault.ts'
import type { LocalKey } from './http/auth.ts'
import type { ThrottleRates, WindowLimit } from './http/throttles.ts'

/** Options of a local PostHog. All have defaults. */
export interface LocalPostHogOptions {
  /** Id of the project that `@current` means. Default: 1. */
  readonly projectId?: number | undefined
  /** Ids of more projects, each with sample data of its own. Default: none. The API can create others, which are empty. */
  readonly projects?: readonly number[] | undefined
  /**
   * Seed of the sample data. The same seed, count and start time give the same data. `false`: no sample data at all.
   * Default: 1.
   */
  readonly seed?: number | false | undefined
  /** Number of sample events in the 90 days before the start, one person per 20 events. Default: 5,000. */
  readonly events?: number | undefined
  /** Called while the sample data of the current project is created, with the fraction done from 0 to 1. */
  readonly onSampleProgress?: ((fraction: number) => void) | undefined
  /** Folder that stores all data. Default: a temporary folder, deleted on close. */
  readonly dataFolder?: string | undefined
  /** SQL engine. Default: `chdb`. If it is not installed, SQL fails with an error that says what to install. */
  readonly engine?: SqlEngine | undefined
  /** Key with all scopes; starts with `phx_`. Default: random for each start. */
  readonly personalApiKey?: string | undefined
  /** Key that can only run endpoints; starts with `phs_`. Default: random for each start. */
  readonly projectSecretKey?: string | undefined
  /** More keys. Default: none. */
  readonly keys?: readonly LocalKey[] | undefined
  /** Clock. Default: the system clock. `LocalPostHog.clock` moves it forward. */
  readonly now?: (() => Date) | undefined
  /** OpenAPI document of `/api/schema/`. Default: none; that route responds 404. */
  readonly schema?: (() => Promise<string>) | undefined
  /** Rate limits per key. `false` turns them off. Default: PostHog's published limits. */
  readonly throttle?: false | ThrottleRates | readonly WindowLimit[] | undefined
  /** Maximum number of concurrent queries. Default: 3. */
  readonly maxConcurrentQueries?: number | undefined
  /** Milliseconds that a query over that maximum waits before it gets 429. Default: 30,000. */
  readonly queryWaitMs?: number | undefined
  /** Maximum number of items per page, even if a request asks for more. Default: unlimited. */
  readonly pageSize?: number | undefined
  /** Faults to inject from the start. Default: none. */
  readonly faults?: readonly Fault[] | undefined
}
