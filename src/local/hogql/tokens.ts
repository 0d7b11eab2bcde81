import { quotedName, stringLiteral } from '../engine/sql-values.ts'
import { HogqlError } from './hogql-error.ts'

export { HogqlError }

/** The kind of a token. */
export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'placeholder' | 'symbol'

/** A token of HogQL. Spaces and comments are no tokens, so they never reach the engine. */
export interface Token {
  readonly kind: TokenKind
  /** The word itself, the decoded content of a string or quoted name, or the name inside a placeholder. */
  readonly value: string
  /** Position in the source text. `end` is exclusive. */
  readonly start: number
  readonly end: number
}

/** Whether a token is one of the keywords, in any letter case. A quoted name is never a keyword. */
export function isWord(token: Token | undefined, ...keywords: readonly string[]): boolean {
  return token?.kind === 'word' && keywords.includes(token.value.toUpperCase())
}

/** Whether a token is one of the given operators or brackets. */
export function isSymbol(token: Token | undefined, ...symbols: readonly string[]): boolean {
  return token?.kind === 'symbol' && symbols.includes(token.value)
}

/** Whether a token is a bare or quoted name. */
export function isName(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quoted'
}

const SPACE = /\s+/y
// Comments of both ClickHouse and HogQL: `--` to the end of the line, and `/* */` without nesting.
const COMMENT = /--[^\n]*|\/\*[\s\S]*?\*\//y
const WORD = /[A-Za-z_$][A-Za-z0-9_$]*/y
const NUMBER = /0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const PLACEHOLDER = /\{\s*([A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*)\s*\}/y
const SYMBOL = /<=>|=>|==|!=|<>|<=|>=|\|\||::|->|[()[\],.;+\-*/%=<>?:]/y

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '0': '\0',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
}

/**
 * Splits HogQL into tokens. The SQL for the engine is written from these tokens alone, so an unknown character is an
 * error and never reaches the engine.
 *
 * @throws HogqlError for an unknown character, or an unclosed string, name or comment.
 */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(sql)
    if (match !== null) at = pattern.lastIndex
    return match
  }
  while (at < sql.length) {
    const start = at
    if (take(SPACE) !== null || take(COMMENT) !== null) continue
    const character = sql.charAt(at)
    if (character === "'" || character === '"' || character === '`') {
      const quoted = readQuoted(sql, at)
      at = quoted.end
      tokens.push({ kind: character === "'" ? 'string' : 'quoted', value: quoted.value, start, end: at })
      continue
    }
    // A number may start with a dot, but in `a.1`, a tuple element, the dot is a symbol.
    const previous = tokens.at(-1)
    const afterName = previous !== undefined && previous.end === at && previous.kind !== 'symbol'
    const number = character === '.' && afterName ? null : take(NUMBER)
    if (number !== null) {
      tokens.push({ kind: 'number', value: number[0], start, end: at })
      continue
    }
    const word = take(WORD)
    if (word !== null) {
      tokens.push({ kind: 'word', value: word[0], start, end: at })
      continue
    }
    const placeholder = take(PLACEHOLDER)
    if (placeholder !== null) {
      const name = (placeholder[1] ?? '').replace(/\s+/g, '')
      tokens.push({ kind: 'placeholder', value: name, start, end: at })
      continue
    }
    const symbol = take(SYMBOL)
    if (symbol === null || sql.startsWith('/*', start)) {
      throw new HogqlError(
        `Syntax error at position ${start}: unexpected ${JSON.stringify(sql.slice(start, start + 10))}`,
      )
    }
    tokens.push({ kind: 'symbol', value: symbol[0], start, end: at })
  }
  return tokens
}

function readQuoted(sql: string, start: number): { value: string; end: number } {
  const quote = sql.charAt(start)
  let value = ''
  let at = start + 1
  while (at < sql.length) {
    const character = sql.charAt(at)
    const next = sql.charAt(at + 1)
    if (character === '\\' && next !== '') {
      const hex = next === 'x' ? /^[0-9a-fA-F]{2}/.exec(sql.slice(at + 2)) : null
      if (hex !== null) {
        value += String.fromCharCode(Number.parseInt(hex[0], 16))
        at += 4
      } else {
        // As in ClickHouse, an unknown escape keeps its backslash. LIKE patterns rely on it.
        value += ESCAPES[next] ?? `\\${next}`
        at += 2
      }
    } else if (character === quote && next === quote) {
      value += quote
      at += 2
    } else if (character === quote) {
      return { value, end: at + 1 }
    } else {
      value += character
      at += 1
    }
  }
  throw new HogqlError(`Syntax error at position ${start}: unclosed ${quote}`)
}

/**
 * Writes a token as ClickHouse SQL. Quotes words with `$`, because ClickHouse reads `$tag$…$tag$` as a string.
 * Placeholders must be bound before.
 */
export function writeToken(token: Token): string {
  if (token.kind === 'string') return stringLiteral(token.value)
  if (token.kind === 'quoted') return quotedName(token.value)
  if (token.kind === 'word' && token.value.includes('$')) return quotedName(token.value)
  return token.value
}
