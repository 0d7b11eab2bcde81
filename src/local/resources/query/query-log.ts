/** One query that ran, as ClickHouse's log of queries would tell it. */
export interface QueryLogEntry {
  readonly query_id: string
  readonly event_time: string
  readonly query: string
  readonly query_duration_ms: number
  readonly result_rows: number
  /** Empty when it went well. */
  readonly exception: string
}

/** How many are kept. */
const most = 1_000

const columns: readonly (readonly [name: keyof QueryLogEntry, type: string])[] = [
  ['query_id', 'String'],
  ['event_time', "DateTime('UTC')"],
  ['query', 'String'],
  ['query_duration_ms', 'UInt64'],
  ['result_rows', 'UInt64'],
  ['exception', 'String'],
]

/** The queries that ran last. */
export interface QueryLog {
  add(entry: QueryLogEntry): void
  /** All entries, oldest first. */
  readonly entries: readonly QueryLogEntry[]
  /** The entries of a query, as an answer of rows. */
  answer(id: string): Record<string, unknown>
}

/** An empty log. */
export function createQueryLog(): QueryLog {
  const entries: QueryLogEntry[] = []
  return {
    entries,
    add(entry) {
      entries.push(entry)
      if (entries.length > most) entries.shift()
    },
    answer: (id) => ({
      columns: columns.map(([name]) => name),
      types: columns,
      results: entries
        .filter(({ query_id }) => query_id === id)
        .map((entry) => columns.map(([name]) => entry[name])),
      hasMore: false,
    }),
  }
}
