import { HogqlError } from './hogql-error.ts'
import type { Token } from './token.ts'

const SPACE = /\s+/y
// ClickHouse and HogQL both take `--` to the end of the line and `/* */` without nesting.
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
 * Cuts HogQL into tokens. Everything that goes to the engine is written again from these tokens, so a character
 * that is not understood here is an error, never passed on.
 *
 * @throws HogqlError on an unknown character, an unclosed string, name or comment.
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
    // A number may begin with a dot, but `a.1` is a tuple element: there the dot is a symbol.
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
        // An escape without a meaning keeps its backslash, as in ClickHouse; LIKE patterns rely on it.
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
  throw new HogqlError(`Syntax error at position ${start}: the text that ${quote} opens is never closed`)
}
