/** What may be an integer that no number holds: sixteen digits where a value begins. */
const long = /[[,:]\s*-?\d{16}|^-?\d{16}/
/** A text, or such an integer outside of texts that is neither a fraction nor has an exponent. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g
const integer = /^-?[1-9]\d{15,}$/

/** Types whose values numbers may not hold, or that say nothing about it. */
const wide = /U?Int64|Dynamic|Variant|JSON|Object/

/**
 * Parses JSON with its integers exact: those that a number cannot hold become bigints. Rows under `results` whose
 * `types` say that none of them can be one cost nothing more than `JSON.parse`.
 *
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text)
  const { results, types } = Object(value)
  const suspicious =
    Array.isArray(results) && Array.isArray(types) && results.every(Array.isArray)
      ? hasLarge(results, wideColumns(types))
      : long.test(text)
  return suspicious ? parseAgain(text, value) : value
}

/**
 * The same for rows alone, as JSON between commas.
 *
 * @param columns those that may hold such integers; all of them where that is not known
 */
export function parseRowsExactly(text: string, columns?: readonly number[]): unknown[] {
  const list = `[${text}]`
  const rows = JSON.parse(list) as unknown[]
  const suspicious = columns === undefined ? rows.some(isLarge) : hasLarge(rows, columns)
  return suspicious ? (parseAgain(list, rows) as unknown[]) : rows
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

function isLarge(cell: unknown): boolean {
  if (typeof cell === 'number') return Math.abs(cell) > Number.MAX_SAFE_INTEGER
  if (Array.isArray(cell)) return cell.some(isLarge)
  return typeof cell === 'object' && cell !== null && Object.values(cell).some(isLarge)
}

/** Numbers that were too large are marked as texts first; `parsed` is the answer if there are none. */
function parseAgain(text: string, parsed: unknown): unknown {
  const mark = markFor(text)
  let found = false
  const marked = text.replace(tokens, (token) => {
    if (!integer.test(token) || Number.isSafeInteger(Number(token))) return token
    found = true
    return `"${mark}${token}"`
  })
  if (!found) return parsed
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  ) as unknown
}

/** A text that the other does not contain. */
function markFor(text: string): string {
  let mark = 'int64:'
  while (text.includes(mark)) mark += ':'
  return mark
}
