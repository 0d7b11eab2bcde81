import { DecodeError } from '../errors/result-errors.ts'

/** What to do about an answer that is not what PostHog sends. */
export const responseFix =
  'Check that the host is a PostHog app host and that nothing between rewrites its answers.'

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
export function parseLosslessJson(text: string): unknown {
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
export function parseLosslessRows(text: string, columns?: readonly number[]): unknown[] {
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
    fix: responseFix,
  })
}

const [quote, plus, comma, minus, dot, zero, nine, upperE, lowerE] = [34, 43, 44, 45, 46, 48, 57, 69, 101]
const [openArray, closeArray, openObject, closeObject] = [91, 93, 123, 125]
/** Longest integer that becomes a bigint, in digits: those of 256 bits have 78, and longer ones cost more than linear time. */
const maxDigits = 1_000

/** An array or object of the text that is open, and where in it the next value stands. */
interface Place {
  /** What `JSON.parse` made of it. Of an object with equal keys only the last one's value is there. */
  readonly container: Record<PropertyKey, unknown> | undefined
  readonly parent: Place | undefined
  /** Index of the next value of an array; -1 for objects. */
  index: number
  /** Where the last string of an object stands, which is the key when a value follows that is none. */
  from: number
  to: number
}

/**
 * Puts exact integers in place of those that `JSON.parse` rounded: bigints. It goes through the text once, without
 * recursion, and makes nothing of its strings but the keys on the way.
 *
 * @param text JSON without a fault
 * @param rounded what `JSON.parse` made of it; changed where it holds such integers
 */
export function restoreIntegers(text: string, rounded: unknown): unknown {
  const root = [rounded]
  let place = placeOf(root, undefined, 0)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      place.from = at
      at = place.to = endOfString(text, at)
    } else if (code === comma) {
      if (place.index >= 0) place.index += 1
    } else if (code === openArray || code === openObject) {
      const child = place.container?.[keyOf(text, place)]
      place = placeOf(child, place, code === openArray ? 0 : -1)
    } else if (code === closeArray || code === closeObject) {
      place = place.parent ?? place
    } else if (code === minus || isDigit(code)) {
      const end = endOfNumber(text, at)
      restore(text.slice(at, end), text, place)
      at = end - 1
    }
  }
  return root[0]
}

function placeOf(value: unknown, parent: Place | undefined, index: number): Place {
  const container = typeof value === 'object' && value !== null ? (value as Place['container']) : undefined
  return { container, parent, index, from: 0, to: 0 }
}

/** The property under which the next value stands. */
function keyOf(text: string, { index, from, to }: Place): PropertyKey {
  return index >= 0 ? index : (JSON.parse(text.slice(from, to + 1)) as string)
}

/** Writes a number exactly. Where another one stands there, equal keys made `JSON.parse` drop this one. */
function restore(token: string, text: string, place: Place): void {
  const number = Number(token)
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER || token.length > maxDigits) return
  const { container } = place
  const key = keyOf(text, place)
  if (container === undefined || !Object.hasOwn(container, key)) return
  const there = container[key]
  if ((typeof there !== 'number' && typeof there !== 'bigint') || Number(there) !== number) return
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

/** The index of the quote that closes the JSON string which begins at `start`; -1 while that is missing. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text.charCodeAt(before) === backslash) before -= 1
    if ((end - before) % 2 === 1) return end
  }
  return -1
}
