/** Rows as the engine returns them: 64-bit integers and decimals are text, so no digit is lost. */
export interface SqlResult {
  /** Column names with their ClickHouse types, in order. Two columns may share a name. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
}

/** Values for the `{name:Type}` parameters of a query. */
export type SqlParameters = Readonly<Record<string, string | boolean>>

/** What the local PostHog needs of a database: ClickHouse's SQL, nothing more. */
export interface SqlEngine {
  /** Database that holds this instance's tables. */
  readonly database: string
  /** False when there is no database behind it: nothing is seeded and each query fails with the reason. */
  readonly available: boolean
  /** Runs a caller's query. It must not be able to write, or to read beyond the database. */
  query(sql: string, parameters: SqlParameters): Promise<SqlResult>
  /** Runs a statement of the local PostHog's own, such as CREATE TABLE. */
  command(sql: string): Promise<void>
  /** Adds rows, one JSON object a line, to a table of the database. */
  insert(table: string, lines: string): Promise<void>
  /** Ends it. No call comes after this one. */
  close(): Promise<void>
}
