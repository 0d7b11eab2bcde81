import { DecodeError } from '../errors/result-errors.ts'

/** The fix for a response that PostHog would not send. */
export const responseFix =
  'Check that the host is a PostHog app host and that no proxy rewrites its responses.'

/** Types that may contain integers beyond the safe range. */
const mayHoldWideIntegers = /U?Int(?:64|128|256)|Dynamic|Variant|JSON|Object/
/** Maximum nesting depth. PostHog's own JSON is at most 254 levels deep; recursive code needs a bound. */
const maxDepth = 1_000

/**
 * Parses JSON without rounding: unsafe integers become bigints. If `types` rules out wide integers, the rows under
 * `results` cost no more than `JSON.parse`.
 *
 * @throws SyntaxError as `JSON.parse` does; DecodeError for JSON that is nested too deeply
 */
export function parseLosslessJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  const { results, types } = Object(value)
  const mayBeRounded =
    Array.isArray(results) && Array.isArray(types) && results.every(Array.isArray)
      ? columnsHaveUnsafeNumber(results, wideColumns(types))
      : hasUnsafeNumber(value)
  return mayBeRounded ? restoreIntegers(text, value) : value
}

/**
 * Parses comma-separated rows without rounding.
 *
 * @param columns indexes of columns that may contain wide integers. Default: all columns
 */
export function parseLosslessRows(text: string, columns?: readonly number[]): unknown[] {
  const json = `[${text}]`
  const rows = JSON.parse(json) as unknown[]
  const mayBeRounded = columns === undefined ? hasUnsafeNumber(rows) : columnsHaveUnsafeNumber(rows, columns)
  return mayBeRounded ? (restoreIntegers(json, rows) as unknown[]) : rows
}

/** Indexes of the columns that may contain wide integers. Entries are types, or pairs of name and type. */
export function wideColumns(types: readonly unknown[]): number[] {
  return types.flatMap((entry, at) => {
    const type: unknown = Array.isArray(entry) ? entry[1] : entry
    return typeof type !== 'string' || mayHoldWideIntegers.test(type) ? [at] : []
  })
}

function columnsHaveUnsafeNumber(rows: readonly unknown[], columns: readonly number[]): boolean {
  return columns.some((at) => rows.some((row) => hasUnsafeNumber(Array.isArray(row) ? row[at] : row)))
}

/**
 * Whether a value contains a number that may be a rounded integer.
 *
 * @throws DecodeError for values that are nested too deeply
 */
function hasUnsafeNumber(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER
  if (typeof value !== 'object' || value === null) return false
  if (depth > maxDepth) throw nestingError()
  let large = false
  // No early exit: every value has to be checked for its depth.
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (hasUnsafeNumber(item, depth + 1)) large = true
  }
  return large
}

function nestingError(): DecodeError {
  return new DecodeError({
    message: `The response is nested too deeply: more than ${maxDepth} levels.`,
    fix: responseFix,
  })
}

const [quote, plus, comma, minus, dot, zero, nine, upperE, lowerE] = [34, 43, 44, 45, 46, 48, 57, 69, 101]
const [openArray, closeArray, openObject, closeObject] = [91, 93, 123, 125]
/** Maximum length of a bigint in characters. 256-bit integers have 78 digits; parsing takes more than linear time. */
const maxDigits = 1_000

/** An open array or object, and the position of its next value. */
interface Cursor {
  /** The parsed container. For duplicate keys it holds only the last value. */
  readonly container: Record<PropertyKey, unknown> | undefined
  readonly parent: Cursor | undefined
  /** Index of the next value of an array; -1 for objects. */
  index: number
  /** Bounds of the last string in an object: the key of the next value. */
  from: number
  to: number
}

/**
 * Replaces integers that `JSON.parse` rounded by bigints. It scans the text once, without recursion, and decodes only
 * the keys on the path.
 *
 * @param text valid JSON
 * @param rounded the result of `JSON.parse`; modified in place
 */
function restoreIntegers(text: string, rounded: unknown): unknown {
  const root = [rounded]
  let cursor = createCursor(root, undefined, 0)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      cursor.from = at
      at = cursor.to = endOfString(text, at)
    } else if (code === comma) {
      if (cursor.index >= 0) cursor.index += 1
    } else if (code === openArray || code === openObject) {
      const child = cursor.container?.[keyOf(text, cursor)]
      cursor = createCursor(child, cursor, code === openArray ? 0 : -1)
    } else if (code === closeArray || code === closeObject) {
      cursor = cursor.parent ?? cursor
    } else if (code === minus || isDigit(code)) {
      const end = endOfNumber(text, at)
      restoreInteger(text.slice(at, end), text, cursor)
      at = end - 1
    }
  }
  return root[0]
}

function createCursor(value: unknown, parent: Cursor | undefined, index: number): Cursor {
  const container = typeof value === 'object' && value !== null ? (value as Cursor['container']) : undefined
  return { container, parent, index, from: 0, to: 0 }
}

/** The key or index of the next value. */
function keyOf(text: string, { index, from, to }: Cursor): PropertyKey {
  return index >= 0 ? index : (JSON.parse(text.slice(from, to + 1)) as string)
}

/** Restores one integer. If the parsed value differs, a duplicate key has replaced this one. */
function restoreInteger(token: string, text: string, cursor: Cursor): void {
  const number = Number(token)
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER || token.length > maxDigits) return
  const { container } = cursor
  const key = keyOf(text, cursor)
  if (container === undefined || !Object.hasOwn(container, key)) return
  const parsed = container[key]
  if ((typeof parsed !== 'number' && typeof parsed !== 'bigint') || Number(parsed) !== number) return
  container[key] = /^-?\d+$/.test(token) ? BigInt(token) : number
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1
  while (isNumeric(text.charCodeAt(end))) end += 1
  return end
}

function isNumeric(code: number): boolean {
  return (
    isDigit(code) || code === dot || code === minus || code === plus || code === upperE || code === lowerE
  )
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine
}

const backslash = 92

/** The index of the quote that closes the JSON string at `start`; -1 if it is missing. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text.charCodeAt(before) === backslash) before -= 1
    if ((end - before) % 2 === 1) return end
  }
  return -1
}
