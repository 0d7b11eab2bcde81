import type { QueryIncomplete } from './completeness.ts'

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
  /** Whether the answer came from PostHog's cache, and when it was computed, ISO 8601. */
  readonly cache: { readonly hit: boolean; readonly lastRefresh: string | undefined }
  /** Time zone of the project, by which PostHog groups days. */
  readonly timezone: string | undefined
  readonly requestId: string | undefined
}
