import { isName, isSymbol, isWord, type Token } from './tokens.ts'

/** The row limit of the outermost SELECT. */
export interface LimitClause {
  /** Token range of LIMIT and OFFSET. `to` is exclusive. Both equal the token count when there is no clause. */
  readonly from: number
  readonly to: number
  /** Token of the row count. Undefined without LIMIT. */
  readonly limit: Token | undefined
  /** Token of the number of rows to skip. */
  readonly offset: Token | undefined
  /** Whether the outermost query is a UNION, INTERSECT or EXCEPT. */
  readonly isSet: boolean
  /** Whether the clause is more than plain numbers. The translation leaves it as it is. */
  readonly opaque: boolean
}

/** Reads LIMIT and OFFSET of the outermost SELECT. Ignores `LIMIT n BY`, which is not a row limit. */
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

/** Whether the query skips rows anywhere: `OFFSET n` or `LIMIT m, n`. `SAMPLE … OFFSET …` does not count. */
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

/** An expression between SELECT and FROM, as a range of token indexes. */
export interface SelectItem {
  readonly from: number
  /** Exclusive. */
  readonly to: number
  /** Whether the query names the column. */
  readonly named: boolean
}

/** Finds the expressions of every SELECT, including subqueries. */
export function findSelectItems(tokens: readonly Token[]): SelectItem[] {
  const items: SelectItem[] = []
  tokens.forEach((token, index) => {
    const isKeyword =
      isWord(token, 'SELECT') && !isSymbol(tokens[index - 1], '.') && !isSymbol(tokens[index + 1], '.')
    if (isKeyword) items.push(...itemsAfter(tokens, index + 1))
  })
  return items
}

const ENDS_LIST = [
  'SELECT',
  'FROM',
  'WHERE',
  'GROUP',
  'ORDER',
  'LIMIT',
  'OFFSET',
  'HAVING',
  'UNION',
  'EXCEPT',
  'INTERSECT',
]

function itemsAfter(tokens: readonly Token[], start: number): SelectItem[] {
  const items: SelectItem[] = []
  let from = isWord(tokens[start], 'DISTINCT') ? start + 1 : start
  let depth = 0
  let at = from
  for (; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (isSymbol(token, '(', '[')) depth += 1
    if (isSymbol(token, ')', ']')) depth -= 1
    if (depth < 0) break
    if (depth > 0) continue
    if (isSymbol(token, ',')) {
      items.push(toSelectItem(tokens, from, at))
      from = at + 1
    } else if (isWord(token, ...ENDS_LIST) && !isSymbol(tokens[at - 1], '.', '*')) break
  }
  if (at > from) items.push(toSelectItem(tokens, from, at))
  return items
}

const NOT_AN_ALIAS = ['END', 'NULL', 'TRUE', 'FALSE']
const EXPECTS_OPERAND = [
  'AND',
  'OR',
  'NOT',
  'IN',
  'LIKE',
  'ILIKE',
  'IS',
  'BETWEEN',
  'CASE',
  'WHEN',
  'THEN',
  'ELSE',
  'INTERVAL',
  'DISTINCT',
  'DIV',
  'MOD',
]

function toSelectItem(tokens: readonly Token[], from: number, to: number): SelectItem {
  const last = tokens[to - 1]
  const before = to - 2 >= from ? tokens[to - 2] : undefined
  const explicit = isWord(before, 'AS')
  const endsOperand = before !== undefined && (before.kind !== 'symbol' || isSymbol(before, ')', ']'))
  const implicit =
    isName(last) && endsOperand && !isWord(before, ...EXPECTS_OPERAND) && !isWord(last, ...NOT_AN_ALIAS)
  return { from, to, named: explicit || implicit }
}
