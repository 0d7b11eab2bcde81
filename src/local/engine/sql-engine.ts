/** The result of a query. 64-bit integers and decimals are text, so no digit is lost. */
export interface SqlResult {
  /** Column names with their ClickHouse types, in order. Two columns may share a name. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
}

/** Values for the `{name:Type}` parameters of a query. */
export type SqlParameters = Readonly<Record<string, string | boolean>>

/** A database that runs ClickHouse's SQL. */
export interface SqlEngine {
  /** Name of the database with the tables of this instance. */
  readonly database: string
  /** False without a database: nothing is seeded and every query fails with the reason. */
  readonly available: boolean
  /** Runs a caller's query. The query must not be able to write, or to read outside the database. */
  query(sql: string, parameters: SqlParameters): Promise<SqlResult>
  /** Runs an internal statement such as CREATE TABLE. */
  command(sql: string): Promise<void>
  /** Inserts rows into a table of the database, one JSON object per line. */
  insert(table: string, lines: string): Promise<void>
  /** Opens another database for another project. Without it, other projects have no SQL. */
  openDatabase?(name: string): Promise<SqlEngine>
  /** Closes the database. The engine cannot be used afterwards. */
  close(): Promise<void>
}

/** An error of the database for a failed query. */
export class EngineError extends Error {
  override readonly name: string = 'EngineError'
  /** ClickHouse's error name in lower case, such as `unknown_function`. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Parses ClickHouse's error text, `Code: 46. DB::Exception: … (UNKNOWN_FUNCTION)`, into its name and message.
 * Drops nested prefixes and the engine's version.
 */
export function parseEngineError(text: string): EngineError {
  const names = [...text.matchAll(/\(([A-Z][A-Z0-9_]+)\)/g)]
  const code = (names.at(-1)?.[1] ?? 'unknown_error').toLowerCase()
  const message = text
    .replace(/^(?:Code: \d+\. )?(?:DB::Exception: )?(?:(?:default|Code: \d+\. DB::Exception): )*/, '')
    .replace(/\s*\(version [^)]*\)/g, '')
    .replace(/(?:\.?\s*\([A-Z][A-Z0-9_]+\))+\s*$/, '')
    // The SQL after these words is the compiler's, not the caller's.
    .replace(
      /[.:,]?\s*(?:In scope|In query:?|While (?:processing|executing)|while (?:processing|executing)|when evaluating|required columns:).*$/s,
      '',
    )
    .trim()
  return new EngineError(code, message)
}

/** Code of the error that a missing database raises. */
export const ENGINE_MISSING: string = 'engine_missing'
