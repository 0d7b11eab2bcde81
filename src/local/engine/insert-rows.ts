import type { SqlEngine } from './sql-engine.ts'

/** Number of rows per insert. Longer texts cost more memory than they save time. */
export const ROWS_PER_INSERT = 20_000

/** Inserts into a table while its caller prepares the next rows. */
export interface Inserter {
  /** Starts an insert after the running one. A failed one rejects the next call. */
  insert(lines: string): Promise<void>
  /** Waits for the running insert. */
  settle(): Promise<void>
}

/** Creates an inserter. The engine inserts on its own thread. */
export function createInserter(engine: SqlEngine, table: string): Inserter {
  let running: Promise<void> = Promise.resolve()
  return {
    insert: async (lines) => {
      await running
      running = engine.insert(table, lines)
      // The next call reports a failure.
      running.catch(() => {})
    },
    settle: () => running,
  }
}

/**
 * Inserts any number of rows into a table.
 *
 * @param toRow Converts a row to its JSON object.
 * @param onInserted Receives the number of rows so far.
 */
export async function insertRows<T>(
  engine: SqlEngine,
  table: string,
  rows: readonly T[],
  toRow: (row: T) => object,
  onInserted: (count: number) => void = () => {},
): Promise<void> {
  const inserter = createInserter(engine, table)
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    const part = rows.slice(from, from + ROWS_PER_INSERT)
    await inserter.insert(part.map((row) => JSON.stringify(toRow(row))).join('\n'))
    onInserted(from + part.length)
  }
  await inserter.settle()
}
