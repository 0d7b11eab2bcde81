import { guardStatement } from './guard.ts'
import { HogqlError } from './hogql-error.ts'
import { findTables, type TableUse } from './tables.ts'
import type { Token } from './token.ts'
import { tokenize } from './tokenize.ts'

/** HogQL that has passed the guard. */
export interface ParsedHogql {
  readonly text: string
  readonly tokens: readonly Token[]
  readonly use: TableUse
  /** Names of the placeholders, in order of first use, each once: `variables.country`, `since`. */
  readonly placeholders: readonly string[]
}

/** Tables that a query may read. */
export const SAMPLE_TABLES: ReadonlySet<string> = new Set(['events', 'persons'])

/** The engine reads no more. */
const MAX_LENGTH = 262_144

/**
 * Reads HogQL and refuses what callers may not run.
 *
 * @throws HogqlError with the reason.
 */
export function parseHogql(text: string): ParsedHogql {
  if (text.length > MAX_LENGTH) throw new HogqlError(`The query is longer than ${MAX_LENGTH} characters`)
  const tokens = guardStatement(tokenize(text))
  const placeholders = tokens.filter((token) => token.kind === 'placeholder').map((token) => token.value)
  return { text, tokens, use: findTables(tokens, SAMPLE_TABLES), placeholders: [...new Set(placeholders)] }
}
