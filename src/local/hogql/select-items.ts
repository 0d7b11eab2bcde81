import { isName, isSymbol, isWord, type Token } from './token.ts'

/** One expression between SELECT and FROM, as a range of token indexes. */
export interface SelectItem {
  readonly from: number
  /** One past the last token. */
  readonly to: number
  /** True when the query names the column itself. */
  readonly named: boolean
}

/** The expressions of every SELECT of the query, inner ones included. */
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
      items.push(item(tokens, from, at))
      from = at + 1
    } else if (isWord(token, ...ENDS_LIST) && !isSymbol(tokens[at - 1], '.', '*')) break
  }
  if (at > from) items.push(item(tokens, from, at))
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

function item(tokens: readonly Token[], from: number, to: number): SelectItem {
  const last = tokens[to - 1]
  const before = to - 2 >= from ? tokens[to - 2] : undefined
  const explicit = isWord(before, 'AS')
  const endsOperand = before !== undefined && (before.kind !== 'symbol' || isSymbol(before, ')', ']'))
  const implicit =
    isName(last) && endsOperand && !isWord(before, ...EXPECTS_OPERAND) && !isWord(last, ...NOT_AN_ALIAS)
  return { from, to, named: explicit || implicit }
}
