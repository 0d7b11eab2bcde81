/** A text, a comment, a placeholder, a word or number, or one other character. */
const token =
  /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S])*"|`(?:[^`\\]|\\[\s\S])*`|--[^\n]*|\/\*[\s\S]*?\*\/|\{[^}]*\}|[\w$]+|\S/g

/**
 * The LIMIT that a query has itself, outside of all brackets; undefined when it has none, or one that is not a plain
 * number. That of `LIMIT … BY` is another one.
 */
export function explicitLimit(query: string, values: Readonly<Record<string, unknown>>): number | undefined {
  const words = (query.match(token) ?? []).filter((word) => !/^(?:--|\/\*)/.test(word))
  let depth = 0
  let limit: number | undefined
  words.forEach((word, at) => {
    if (word === '(' || word === '[') depth += 1
    else if (word === ')' || word === ']') depth -= 1
    else if (depth === 0 && word.toLowerCase() === 'limit') {
      const [first, separator, second] = words.slice(at + 1)
      if (separator?.toLowerCase() === 'by') return
      // `LIMIT 10, 5` skips ten and takes five; `LIMIT 5 + 5` has to be computed.
      const computed = separator !== undefined && /^[-+*/%.(]$/.test(separator)
      limit = computed ? undefined : numberOf(separator === ',' ? second : first, values)
    }
  })
  return limit
}

function numberOf(word: string | undefined, values: Readonly<Record<string, unknown>>): number | undefined {
  const value = word?.startsWith('{') ? values[word.slice(1, -1).trim()] : word
  const number = typeof value === 'number' ? value : Number(value)
  return Number.isInteger(number) && number >= 0 ? number : undefined
}
