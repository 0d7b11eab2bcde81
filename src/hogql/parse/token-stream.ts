import { HogqlError } from '../hogql-error.ts'
import { isNameWord } from './keywords.ts'
import { readToken, type Token } from './lexer.ts'

/** Deepest nesting of expressions and queries. PostHog's parser takes minutes for more. */
const MAX_DEPTH = 200

/** Tokens taken at most beyond one for each character. Attempts inside attempts take some of them several times. */
const MAX_TAKEN = 50_000

/** The tokens of a query, read one at a time. */
export class TokenStream {
  readonly text: string
  /** Start of the next token's search. */
  private position = 0
  private depth = 0
  private ahead: Token[] = []
  private last = 0
  private taken = 0

  constructor(text: string) {
    this.text = text
  }

  /** End of the token taken last. */
  get end(): number {
    return this.last
  }

  /** The next token, or the one `distance` tokens after it, without taking it. */
  peek(distance = 0): Token {
    while (this.ahead.length <= distance) {
      const last = this.ahead.at(-1)
      // The inside of an f-string has no tokens until its parser seeks one.
      if (last?.kind === 'template') this.ahead.push({ ...last, kind: 'symbol', start: last.end })
      else this.ahead.push(readToken(this.text, last?.end ?? this.position))
    }
    // The loop has filled the list up to this index.
    return this.ahead[distance] as Token
  }

  take(): Token {
    const token = this.peek()
    this.taken += 1
    if (this.taken > MAX_TAKEN + this.text.length) {
      throw new HogqlError('The query is too complex to parse', { start: token.start, end: token.end })
    }
    this.ahead.shift()
    this.position = token.end
    this.last = token.end
    return token
  }

  /** Continues at another place of the text. */
  seek(position: number): void {
    this.ahead = []
    this.position = position
    this.last = position
  }

  isWord(keyword: string, distance = 0): boolean {
    return this.peek(distance).keyword === keyword
  }

  /** Whether the next tokens are these words. */
  areWords(...keywords: readonly string[]): boolean {
    return keywords.every((keyword, index) => this.isWord(keyword, index))
  }

  isSymbol(symbol: string, distance = 0): boolean {
    const token = this.peek(distance)
    return token.kind === 'symbol' && token.value === symbol
  }

  /** Takes the next token if it is this word. */
  takeWord(...keywords: readonly string[]): boolean {
    if (!this.areWords(...keywords)) return false
    for (const _ of keywords) this.take()
    return true
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false
    this.take()
    return true
  }

  expectWord(keyword: string): Token {
    if (!this.isWord(keyword)) throw this.unexpected()
    return this.take()
  }

  expectSymbol(symbol: string): Token {
    if (!this.isSymbol(symbol)) throw this.unexpected()
    return this.take()
  }

  isName(distance = 0): boolean {
    const token = this.peek(distance)
    return token.kind === 'quoted' || (token.kind === 'word' && isNameWord(token.keyword))
  }

  expectName(): Token {
    if (!this.isName()) throw this.unexpected()
    return this.take()
  }

  /** Runs a rule one level deeper. */
  nested<T>(rule: () => T): T {
    this.depth += 1
    if (this.depth > MAX_DEPTH) {
      const { start, end } = this.peek()
      throw new HogqlError(`Nested deeper than ${MAX_DEPTH} levels`, { start, end })
    }
    try {
      return rule()
    } finally {
      this.depth -= 1
    }
  }

  /** Runs a rule, and returns to the current token when the rule fails. */
  attempt<T>(rule: () => T): T | undefined {
    const { position, last, depth } = this
    const ahead = [...this.ahead]
    try {
      return rule()
    } catch (error) {
      if (!(error instanceof HogqlError)) throw error
      Object.assign(this, { position, last, depth, ahead })
      return undefined
    }
  }

  unexpected(): HogqlError {
    const { start, end, kind } = this.peek()
    const before = this.text.slice(0, kind === 'end' ? this.text.length : end)
    return new HogqlError(`no viable alternative at input '${before}'`, { start, end })
  }
}
