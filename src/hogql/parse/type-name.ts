import { INTERVALS } from './keywords.ts'
import type { TokenStream } from './token-stream.ts'

const CAST_KEYWORDS: ReadonlySet<string> = new Set(['DATE', 'TIME', 'TIMESTAMP', 'INTERVAL'])

/**
 * Parses the type name of a cast, in lower case.
 *
 * @param form `cast` after `::`, where PostHog's grammar allows one word only; `function` in CAST(x AS type).
 */
export function parseTypeName(tokens: TokenStream, form: 'cast' | 'function'): string {
  return (form === 'cast' ? castType(tokens) : functionType(tokens)).toLowerCase()
}

function castType(tokens: TokenStream): string {
  const { kind, keyword } = tokens.peek()
  const isType = kind === 'quoted' || INTERVALS.has(keyword) || CAST_KEYWORDS.has(keyword) || isPlain(keyword)
  if (!isType) throw tokens.unexpected()
  const name = tokens.take().value
  if (tokens.takeWord('WITH', 'TIME', 'ZONE')) return `${name} with time zone`
  if (tokens.takeWord('WITH', 'LOCAL', 'TIME', 'ZONE')) return `${name} with local time zone`
  return name
}

// Keywords such as ARRAY cannot be types after `::`.
function isPlain(keyword: string): boolean {
  return keyword !== '' && !['ARRAY', 'NULL', 'SELECT', 'FROM', 'WHERE', 'AND', 'OR', 'NOT'].includes(keyword)
}

function functionType(tokens: TokenStream): string {
  const words = [tokens.expectName().value]
  while (tokens.isName()) words.push(tokens.take().value)
  let type = words.join(' ')
  if (tokens.takeSymbol('(')) {
    const items: string[] = []
    while (!tokens.isSymbol(')')) {
      items.push(tokens.peek().kind === 'number' ? tokens.take().value : typeItem(tokens))
      if (!tokens.takeSymbol(',')) break
    }
    tokens.expectSymbol(')')
    type += `(${items.join(', ')})`
  }
  while (tokens.takeSymbol('[')) {
    const size = tokens.peek().kind === 'number' ? tokens.take().value : ''
    tokens.expectSymbol(']')
    type += `[${size}]`
  }
  return type
}

function typeItem(tokens: TokenStream): string {
  // An enum, which PostHog's parser refuses.
  if (tokens.peek().kind === 'string') throw tokens.unexpected()
  return functionType(tokens)
}
