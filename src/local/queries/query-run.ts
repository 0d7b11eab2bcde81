import type { SavedQuery } from '../resources/query/saved-query.ts'

/** A query to compute, with the caller's variables and filters. */
export interface QueryRun {
  readonly query: SavedQuery
  /** Values of breakdowns by property, and `date_from` and `date_to`. */
  readonly variables: Readonly<Record<string, unknown>>
  readonly filtersOverride: Readonly<Record<string, unknown>> | undefined
  /** Prefix of the table names. Selects the table snapshots of a materialized version. */
  readonly tablePrefix?: string
}

/** The result of a query: its response without the fields of a cache. */
export interface QueryResult {
  /** Absent for a DatabaseSchemaQuery. */
  readonly results?: unknown
  readonly hasMore?: boolean
  readonly hogql?: string | null
  readonly columns?: readonly string[] | null
  readonly types?: readonly unknown[] | null
  readonly limit?: number
  readonly offset?: number
  readonly [field: string]: unknown
}
