import { isSymbol, isWord, type Token } from './token.ts'

/** The row limit that the outermost SELECT asks for. */
export interface LimitClause {
  /** First and last token index (not included) of LIMIT and OFFSET; both the token count when there is none. */
  readonly from: number
  readonly to: number
  /** Token of the row count; undefined when there is no LIMIT. */
  readonly limit: Token | undefined
  /** Token of the rows to skip. */
  readonly offset: Token | undefined
  /** True when the outermost query is a UNION, INTERSECT or EXCEPT of several. */
  readonly isSet: boolean
  /** True when the clause is of a form that cannot be read as one number: it is left as it is. */
  readonly opaque: boolean
}

/** Reads LIMIT and OFFSET of the outermost SELECT. `LIMIT n BY` is not a row limit and stays where it is. */
export function readLimitClause(tokens: readonly Token[]): LimitClause {
  const none = { from: tokens.length, to: tokens.length, limit: undefined, offset: undefined, opaque: false }
  const top = topLevel(tokens)
  const isSet = top.some(
    (index) => isWord(tokens[index], 'UNION', 'INTERSECT', 'EXCEPT') && !isStarExcept(tokens, index),
  )
  if (isSet || isSymbol(tokens[0], '(')) return { ...none, isSet: isSet || isSymbol(tokens[0], '(') }
  for (const index of top) {
    if (isWord(tokens[index], 'OFFSET') && !isPartOfSample(tokens, index)) {
      const simple = index + 2 === tokens.length || isWord(tokens[index + 2], 'ROW', 'ROWS')
      return { ...none, from: index, offset: tokens[index + 1], isSet, opaque: !simple }
    }
    if (!isWord(tokens[index], 'LIMIT')) continue
    const by = top.find((at) => at > index && isWord(tokens[at], 'BY', 'LIMIT'))
    if (by !== undefined && isWord(tokens[by], 'BY')) continue
    return { ...readFrom(tokens, index), isSet }
  }
  return { ...none, isSet }
}

function readFrom(tokens: readonly Token[], from: number): Omit<LimitClause, 'isSet'> {
  const to = tokens.length
  const [first, separator, second] = tokens.slice(from + 1)
  const length = to - from
  const offset = isSymbol(separator, ',') ? first : second
  if (length === 2) return { from, to, limit: first, offset: undefined, opaque: !isCount(first) }
  if (length === 4 && isSymbol(separator, ',')) {
    return { from, to, limit: second, offset, opaque: !isCount(first) || !isCount(second) }
  }
  if (length === 4 && isWord(separator, 'OFFSET')) {
    return { from, to, limit: first, offset, opaque: !isCount(first) || !isCount(second) }
  }
  return { from, to, limit: undefined, offset: undefined, opaque: true }
}

function isCount(token: Token | undefined): boolean {
  return token?.kind === 'number' || token?.kind === 'placeholder'
}

/** True when the text skips rows anywhere: `OFFSET n` or `LIMIT m, n`. `SAMPLE … OFFSET …` does not count. */
export function usesOffset(tokens: readonly Token[]): boolean {
  return tokens.some((token, index) => {
    if (isWord(token, 'OFFSET')) return !isPartOfSample(tokens, index) && !isSymbol(tokens[index - 1], '.')
    return isWord(token, 'LIMIT') && isSymbol(tokens[index + 2], ',')
  })
}

function isPartOfSample(tokens: readonly Token[], index: number): boolean {
  return tokens.slice(Math.max(0, index - 4), index).some((token) => isWord(token, 'SAMPLE'))
}

// `* EXCEPT (a, b)` is a column list, not a set operation.
function isStarExcept(tokens: readonly Token[], index: number): boolean {
  return isWord(tokens[index], 'EXCEPT') && isSymbol(tokens[index - 1], '*')
}

function topLevel(tokens: readonly Token[]): number[] {
  let depth = 0
  const indexes: number[] = []
  tokens.forEach((token, index) => {
    if (isSymbol(token, '(', '[')) depth += 1
    else if (isSymbol(token, ')', ']')) depth -= 1
    else if (depth === 0 && !isSymbol(tokens[index - 1], '.')) indexes.push(index)
  })
  return indexes
}
