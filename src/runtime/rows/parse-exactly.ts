import { DecodeError } from '../errors/decode-error.ts'
import { answerFix } from './answer-faults.ts'
import { restoreIntegers } from './restore-integers.ts'

/** Types whose values numbers may not hold, or that say nothing about it. */
const wide = /U?Int(?:64|128|256)|Dynamic|Variant|JSON|Object/
/** Deepest nesting that is read. PostHog's own JSON goes no deeper than 254; code that walks values needs a bound. */
const maxDepth = 1_000

/**
 * Parses JSON with its integers exact: those that a number cannot hold become bigints. Rows under `results` whose
 * `types` say that none of them can be one cost nothing more than `JSON.parse`.
 *
 * @throws SyntaxError as `JSON.parse` does; DecodeError for JSON that is nested too deeply
 */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text)
  const { results, types } = Object(value)
  const suspicious =
    Array.isArray(results) && Array.isArray(types) && results.every(Array.isArray)
      ? hasLarge(results, wideColumns(types))
      : isLarge(value)
  return suspicious ? restoreIntegers(text, value) : value
}

/**
 * The same for rows alone, as JSON between commas.
 *
 * @param columns those that may hold such integers; all of them where that is not known
 */
export function parseRowsExactly(text: string, columns?: readonly number[]): unknown[] {
  const list = `[${text}]`
  const rows = JSON.parse(list) as unknown[]
  const suspicious = columns === undefined ? isLarge(rows) : hasLarge(rows, columns)
  return suspicious ? (restoreIntegers(list, rows) as unknown[]) : rows
}

/** The columns that may hold such integers: by their types, which are texts or pairs of name and type. */
export function wideColumns(types: readonly unknown[]): number[] {
  return types.flatMap((entry, at) => {
    const type: unknown = Array.isArray(entry) ? entry[1] : entry
    return typeof type !== 'string' || wide.test(type) ? [at] : []
  })
}

function hasLarge(rows: readonly unknown[], columns: readonly number[]): boolean {
  return columns.some((at) => rows.some((row) => isLarge(Array.isArray(row) ? row[at] : row)))
}

/**
 * Whether there is a number that may be a rounded integer.
 *
 * @throws DecodeError for values that are nested too deeply
 */
function isLarge(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER
  if (typeof value !== 'object' || value === null) return false
  if (depth > maxDepth) throw tooDeep()
  let large = false
  // All of them, for the sake of their depth.
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (isLarge(item, depth + 1)) large = true
  }
  return large
}

function tooDeep(): DecodeError {
  return new DecodeError({
    message: `The answer is nested too deeply: more than ${maxDepth} levels.`,
    fix: answerFix,
  })
}
