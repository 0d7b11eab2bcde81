/** A parsed ClickHouse type: `Array(Nullable(String))` is an Array with the parameter Nullable. */
export interface ColumnType {
  readonly name: string
  /** Types between the brackets, without the names of tuple elements. */
  readonly parameters: readonly ColumnType[]
}

/** Maximum nesting depth. Code that walks types recurses, so it needs a bound. */
const maxDepth = 32

/** Parses a type. Never throws: a type that is unknown or nested too deeply has no parameters. */
export function parseColumnType(text: string): ColumnType {
  return parse(text, 1)
}

function parse(text: string, depth: number): ColumnType {
  const open = text.indexOf('(')
  if (open < 0 || !text.endsWith(')') || depth > maxDepth) return { name: text.trim(), parameters: [] }
  const parameters = splitParameters(text.slice(open + 1, -1)).map((part) =>
    parse(withoutElementName(part), depth + 1),
  )
  return { name: text.slice(0, open).trim(), parameters }
}

/** Splits at commas outside of brackets and quotes. */
function splitParameters(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === "'" || character === '`') at = endOfQuoted(text, at)
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  parts.push(text.slice(from).trim())
  return parts
}

/** Removes the name of a tuple element: `a String` becomes `String`. */
function withoutElementName(part: string): string {
  const quoted = part.startsWith('`')
  const rest = quoted ? part.slice(endOfQuoted(part, 0) + 1) : part
  return (quoted ? /^\s+([A-Z][\s\S]*)$/ : /^\w+\s+([A-Z][\s\S]*)$/).exec(rest)?.[1] ?? part
}

/** The index of the quote that closes the quote at `start`; the length of the text if it is missing. */
function endOfQuoted(text: string, start: number): number {
  const quote = text.charAt(start)
  let at = start + 1
  while (at < text.length && text.charAt(at) !== quote) at += text.charAt(at) === '\\' ? 2 : 1
  return at
}
