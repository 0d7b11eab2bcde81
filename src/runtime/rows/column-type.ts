/** A ClickHouse type taken apart: `Array(Nullable(String))` is Array of Nullable of String. */
export interface ColumnType {
  readonly name: string
  /** What stands between the brackets, as types. Names of tuple elements are left out. */
  readonly parameters: readonly ColumnType[]
}

/** Deepest nesting that is read. Code that walks types recurses, so they need a bound. */
const maxDepth = 32

/** Reads a type. What it does not understand, or what is nested too deeply, has no parameters; nothing makes it fail. */
export function parseColumnType(text: string): ColumnType {
  return parse(text, 1)
}

function parse(text: string, depth: number): ColumnType {
  const open = text.indexOf('(')
  if (open < 0 || !text.endsWith(')') || depth > maxDepth) return { name: text.trim(), parameters: [] }
  const parameters = split(text.slice(open + 1, -1)).map((part) => parse(unnamed(part), depth + 1))
  return { name: text.slice(0, open).trim(), parameters }
}

/** The parts between commas that stand in no brackets and no quotes. */
function split(text: string): string[] {
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

/** Elements of a tuple may have a name before their type: `a String`. */
function unnamed(part: string): string {
  const quoted = part.startsWith('`')
  const rest = quoted ? part.slice(endOfQuoted(part, 0) + 1) : part
  return (quoted ? /^\s+([A-Z][\s\S]*)$/ : /^\w+\s+([A-Z][\s\S]*)$/).exec(rest)?.[1] ?? part
}

/** The index of the quote that closes the one at `start`; the length of the text where that is missing. */
function endOfQuoted(text: string, start: number): number {
  const quote = text.charAt(start)
  let at = start + 1
  while (at < text.length && text.charAt(at) !== quote) at += text.charAt(at) === '\\' ? 2 : 1
  return at
}
