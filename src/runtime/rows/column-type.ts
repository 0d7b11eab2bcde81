/** A ClickHouse type taken apart: `Array(Nullable(String))` is Array of Nullable of String. */
export interface ColumnType {
  readonly name: string
  /** What stands between the brackets, as types. Names of tuple elements are left out. */
  readonly parameters: readonly ColumnType[]
}

/** Reads a type. What it does not understand has no parameters; nothing makes it fail. */
export function parseColumnType(text: string): ColumnType {
  const open = text.indexOf('(')
  if (open < 0 || !text.endsWith(')')) return { name: text.trim(), parameters: [] }
  const parameters = split(text.slice(open + 1, -1)).map((part) => parseColumnType(unnamed(part)))
  return { name: text.slice(0, open).trim(), parameters }
}

/** The parts between commas that stand in no brackets and no quotes. */
function split(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (quote !== '') {
      if (character === '\\') at += 1
      else if (character === quote) quote = ''
    } else if (character === "'" || character === '`') quote = character
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  return [...parts, text.slice(from).trim()]
}

/** Elements of a tuple may have a name before their type: `a String`. */
function unnamed(part: string): string {
  return /^(?:`(?:[^`\\]|\\.)*`|\w+)\s+([A-Z][\s\S]*)$/.exec(part)?.[1] ?? part
}
