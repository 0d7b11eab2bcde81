import { HogqlError } from '../hogql-error.ts'

export interface Token {
  readonly kind: 'word' | 'quoted' | 'number' | 'string' | 'template' | 'symbol' | 'end'
  /** The name without quotes, the text without escapes, or the text itself. */
  readonly value: string
  /** The word in upper case. Empty for all other tokens. */
  readonly keyword: string
  readonly start: number
  readonly end: number
}

const SPACE = /[\s\u0085\uFEFF]/u
const WORD = /[A-Za-z_$][A-Za-z0-9_$]*/y
const NUMBER =
  /0[xX][0-9a-fA-F]+(?:(?:\.[0-9a-fA-F]*)?[pP][+-]?\d+)?|0[bB]\d+|0[oO]\d+|\d+\.[eE][+-]?\d+|\d+(?:\.\d+|\.(?![A-Za-z_$"`]))?(?:[eE][+-]?\d+)?|\.\d+[eE][+-]?\d+/y
const DIGITS = /\d+/y
const SYMBOL = /!~\*|=~\*|->|::|:=|\|\||==|>=|<=|<>|!=|!~|=~|~\*|\?\.|\?\?|[-+*/%=<>()[\]{},.:;?#~]/y

/** Reads the token at or after `offset`, past spaces and comments. */
export function readToken(text: string, offset: number): Token {
  const start = skipSpace(text, offset)
  const first = text[start]
  if (first === undefined) return { kind: 'end', value: '', keyword: '', start, end: start }
  if (first === 'f' && text[start + 1] === "'") {
    return { kind: 'template', value: '', keyword: '', start, end: start + 2 }
  }
  if (first === "'") return readQuoted(text, start, 'string')
  if (first === '"' || first === '`') return readQuoted(text, start, 'quoted')
  const word = match(WORD, text, start)
  if (word !== undefined) {
    return { kind: 'word', value: word, keyword: word.toUpperCase(), start, end: start + word.length }
  }
  // After a dot, `1.2` is two tuple indexes: `t.1.2`.
  const number = match(text[start - 1] === '.' ? DIGITS : NUMBER, text, start)
  if (number !== undefined) {
    return { kind: 'number', value: number, keyword: '', start, end: start + number.length }
  }
  const symbol = match(SYMBOL, text, start)
  if (symbol === undefined)
    throw new HogqlError(`token recognition error at: '${first}'`, { start, end: start + 1 })
  return { kind: 'symbol', value: symbol, keyword: '', start, end: start + symbol.length }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

function skipSpace(text: string, from: number): number {
  let at = from
  for (;;) {
    const char = text[at]
    if (char === undefined) return at
    const pair = char + (text[at + 1] ?? '')
    if (SPACE.test(char)) at += 1
    else if (pair === '--' || pair === '//' || (char === '#' && !/\d/.test(text[at + 1] ?? ''))) {
      while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1
    } else if (pair === '/*') {
      const close = text.indexOf('*/', at + 2)
      if (close < 0) throw new HogqlError("token recognition error at: '/*'", { start: at, end: text.length })
      at = close + 2
    } else return at
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  r: '\r',
  n: '\n',
  t: '\t',
  a: '\x07',
  v: '\v',
  '0': '',
  '\\': '\\',
}

/** Reads an escape sequence at `at`. Undefined when the language has no such escape. */
export function readEscape(
  text: string,
  at: number,
  quote: string,
): { value: string; end: number } | undefined {
  const next = text[at + 1] ?? ''
  if (next === quote) return { value: quote, end: at + 2 }
  if (/x/i.test(next) && /^[0-9a-f]{2}$/i.test(text.slice(at + 2, at + 4))) {
    return { value: text.slice(at, at + 4), end: at + 4 }
  }
  if (ESCAPES[next.toLowerCase()] === undefined) return undefined
  // Only escapes in lower case are decoded.
  return { value: ESCAPES[next] ?? `\\${next}`, end: at + 2 }
}

function readQuoted(text: string, start: number, kind: 'string' | 'quoted'): Token {
  const quote = text[start] ?? ''
  let value = ''
  let at = start + 1
  for (;;) {
    const char = text[at]
    if (char === undefined)
      throw new HogqlError(`token recognition error at: '${text.slice(start)}'`, { start, end: text.length })
    if (char === '\\') {
      // Names in backticks escape a single quote, not a backtick, and keep the backslash.
      const decoded = readEscape(text, at, quote === '`' ? "'" : quote)
      if (decoded === undefined)
        throw new HogqlError(`token recognition error at: '${text.slice(at, at + 2)}'`, {
          start: at,
          end: at + 2,
        })
      value += quote === '`' && decoded.value === "'" ? "\\'" : decoded.value
      at = decoded.end
    } else if (char === quote) {
      if (text[at + 1] !== quote) return { kind, value, keyword: '', start, end: at + 1 }
      value += quote
      at += 2
    } else {
      value += char
      at += 1
    }
  }
}
