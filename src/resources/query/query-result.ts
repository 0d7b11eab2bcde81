import type { QueryIncomplete } from './completeness.ts'

/** How old an answer is. */
export interface QueryCache {
  /** Whether it came from PostHog's cache. */
  readonly hit: boolean
  /** When PostHog computed it, ISO 8601. */
  readonly lastRefresh: string | undefined
  /** Milliseconds since the client kept it; undefined when it came from PostHog just now. */
  readonly age: number | undefined
  /** Whether it is older than `ttl`, and was given since PostHog refused to give another. */
  readonly stale: boolean
}

/** The rows of a HogQL query. */
export interface QueryResult<Row> {
  /** Rows as objects by column name. */
  readonly rows: Row[]
  /** `true`, or why rows may be missing. */
  readonly complete: true | QueryIncomplete
  /** Column names in order, as keys of the rows; the second column of a name is `name_2`. */
  readonly columns: readonly string[]
  /** ClickHouse type of each column, where PostHog told it. */
  readonly types: readonly (string | undefined)[]
  /** The limit that PostHog applied. */
  readonly limit: number | undefined
  readonly cache: QueryCache
  /** Time zone of the project, by which PostHog groups days. */
  readonly timezone: string | undefined
  readonly requestId: string | undefined
}
