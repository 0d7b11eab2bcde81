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

const COLUMNS: readonly (readonly [name: keyof QueryLogEntry, type: string])[] = [
  ['query_id', 'String'],
  ['event_time', "DateTime('UTC')"],
  ['query', 'String'],
  ['query_duration_ms', 'UInt64'],
  ['result_rows', 'UInt64'],
  ['exception', 'String'],
]

/** The log of recent queries. */
export interface QueryLog {
  add(entry: QueryLogEntry): void
  /** All entries, oldest first. */
  readonly entries: readonly QueryLogEntry[]
  /** The entries of a query, as a response with rows. */
  toResponse(id: string): Record<string, unknown>
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
    toResponse: (id) => ({
      columns: COLUMNS.map(([name]) => name),
      types: COLUMNS,
      results: entries
        .filter(({ query_id }) => query_id === id)
        .map((entry) => COLUMNS.map(([name]) => entry[name])),
      hasMore: false,
    }),
  }
}
