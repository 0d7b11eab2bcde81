import type { SqlEngine } from './sql-engine.ts'

/** Number of rows per insert. Longer texts cost more memory than they save time. */
const ROWS_PER_INSERT = 20_000

/**
 * Inserts any number of rows into a table.
 *
 * @param toLine Formats a row as one line of JSON.
 * @param onInserted Receives the number of rows inserted so far.
 */
export async function insertRows<T>(
  engine: SqlEngine,
  table: string,
  rows: readonly T[],
  toLine: (row: T) => string,
  onInserted: (count: number) => void = () => {},
): Promise<void> {
  let running: Promise<void> = Promise.resolve()
  try {
    for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
      const part = rows.slice(from, from + ROWS_PER_INSERT)
      // The engine inserts on its own thread while this one formats the next rows.
      const lines = part.map(toLine).join('\n')
      await running
      running = engine.insert(table, lines).then(() => onInserted(from + part.length))
    }
  } finally {
    await running
  }
}
