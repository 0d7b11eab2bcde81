/** A finished query, in the form of ClickHouse's query log. */
export interface QueryLogEntry {
  readonly query_id: string
  readonly event_time: string
  readonly query: string
  readonly query_duration_ms: number
  readonly result_rows: number
  /** Empty after success. */
  readonly exception: string
}

/** Maximum number of entries in the log. It drops the oldest. */
const MAX_ENTRIES = 1_000

/** The log of recent queries. */
export interface QueryLog {
  add(entry: QueryLogEntry): void
  /** All entries, oldest first. */
  readonly entries: readonly QueryLogEntry[]
}

/** Creates an empty log. */
export function createQueryLog(): QueryLog {
  const entries: QueryLogEntry[] = []
  return {
    entries,
    add(entry) {
      entries.push(entry)
      if (entries.length > MAX_ENTRIES) entries.shift()
    },
  }
}
