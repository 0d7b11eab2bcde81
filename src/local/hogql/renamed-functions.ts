import { isSymbol, type Token } from './token.ts'

/** HogQL's conversions that give NULL in place of an error, with the ClickHouse type each converts to. */
const CONVERSIONS: Readonly<Record<string, string>> = {
  toInt: 'Int64',
  toFloat: 'Float64',
  toBool: 'Bool',
  toDecimal: 'Decimal64(10)',
}

/** Text to write in place of some tokens, by token index. */
export function renamedFunctions(tokens: readonly Token[]): ReadonlyMap<number, string> {
  const written = new Map<number, string>()
  tokens.forEach((token, index) => {
    const type =
      token.kind === 'word' && Object.hasOwn(CONVERSIONS, token.value) ? CONVERSIONS[token.value] : undefined
    const close = isSymbol(tokens[index + 1], '(') ? closingBracket(tokens, index + 1) : undefined
    if (token.kind === 'word' && token.value === 'toDateTime' && isTextAlone(tokens, index + 2, close)) {
      written.set(index, 'parseDateTime64BestEffortOrNull')
      written.set(index + 3, `, 6, 'UTC')`)
    }
    if (type === undefined) return
    // Two arguments or none: not the conversion; ClickHouse tells what it thinks of the name.
    if (close === undefined || close === index + 2 || hasSeveralArguments(tokens, index + 2, close)) return
    written.set(index, 'accurateCastOrNull')
    written.set(close, `, '${type}')`)
  })
  return written
}

/** HogQL reads a text in any form that dates have; what is a time already is converted as ClickHouse does. */
function isTextAlone(tokens: readonly Token[], from: number, close: number | undefined): boolean {
  const kind = tokens[from]?.kind
  return close === from + 1 && (kind === 'string' || kind === 'placeholder')
}

function closingBracket(tokens: readonly Token[], open: number): number | undefined {
  let depth = 0
  for (let at = open; at < tokens.length; at += 1) {
    if (isSymbol(tokens[at], '(', '[')) depth += 1
    if (isSymbol(tokens[at], ')', ']')) depth -= 1
    if (depth === 0) return at
  }
  return undefined
}

function hasSeveralArguments(tokens: readonly Token[], from: number, to: number): boolean {
  let depth = 0
  return tokens.slice(from, to).some((token) => {
    if (isSymbol(token, '(', '[')) depth += 1
    if (isSymbol(token, ')', ']')) depth -= 1
    return depth === 0 && isSymbol(token, ',')
  })
}
