import { endOfString } from './end-of-string.ts'

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
