/** What a piece of HogQL text is. */
export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'placeholder' | 'symbol'

/** One piece of HogQL text. Spaces and comments are not tokens: they never reach the engine. */
export interface Token {
  readonly kind: TokenKind
  /** A word as written, the decoded content of a string or quoted name, the name inside a placeholder. */
  readonly value: string
  /** Where the token stands in the source text: start included, end not. */
  readonly start: number
  readonly end: number
}

/** True for a bare word that equals `keyword` in any letter case. A quoted name is never a keyword. */
export function isWord(token: Token | undefined, ...keywords: readonly string[]): boolean {
  return token?.kind === 'word' && keywords.includes(token.value.toUpperCase())
}

/** True for one of the given operators or brackets. */
export function isSymbol(token: Token | undefined, ...symbols: readonly string[]): boolean {
  return token?.kind === 'symbol' && symbols.includes(token.value)
}

/** True for a bare or quoted name. */
export function isName(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quoted'
}
