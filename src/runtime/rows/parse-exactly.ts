/** An integer that may be beyond what a number holds. It may stand in a text as well, which is looked into then. */
const long = /-?\d{16,}/
/** A text, or such an integer outside of texts that is neither a fraction nor has an exponent. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g
const integer = /^-?[1-9]\d{15,}$/

/**
 * Parses JSON with its integers exact: those that a number cannot hold become bigints.
 *
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseExactly(text: string): unknown {
  if (!long.test(text)) return JSON.parse(text) as unknown
  const mark = markFor(text)
  let found = false
  const marked = text.replace(tokens, (token) => {
    if (!integer.test(token) || Number.isSafeInteger(Number(token))) return token
    found = true
    return `"${mark}${token}"`
  })
  if (!found) return JSON.parse(text) as unknown
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
