import { HogqlError } from '../hogql-error.ts'
import { defined, parseGroupBy, parseLimitBy, parseLimits, parseWindows, SET_OPERATORS } from './clauses.ts'
import { parseCtes } from './ctes.ts'
import { parseJoin } from './from.ts'
import { isColumnAlias } from './keywords.ts'
import type { Parser } from './parser.ts'
import type { Expression, Query, Select, SelectSet } from './tree.ts'

type SetRest = { operator: string; query: Query }

/** Parses SELECT with its set operations, in parentheses or not, or a placeholder in its place. */
export function parseQuery(parser: Parser): Query {
  const { tokens } = parser
  return tokens.nested(() => {
    const { start } = tokens.peek()
    const first = parseOperand(parser)
    const rest: SetRest[] = []
    for (;;) {
      const operator = takeSetOperator(parser)
      if (operator === undefined) break
      rest.push({ operator, query: parseOperand(parser) })
    }
    const orderBy = tokens.takeWord('ORDER', 'BY') ? parser.orders() : undefined
    const limits = parseLimits(parser)
    // As in PostHog, a LIMIT after a single query in parentheses replaces its own, and an ORDER BY has no effect.
    if (rest.length === 0) return first.node === 'Placeholder' ? first : { ...first, ...limits }
    const set: SelectSet = {
      node: 'SelectSetQuery',
      first,
      rest,
      ...(orderBy === undefined ? {} : { orderBy }),
      ...limits,
      start,
      end: tokens.end,
    }
    return set
  })
}

function parseOperand(parser: Parser): Query {
  const { tokens } = parser
  if (tokens.isSymbol('{')) {
    const placeholder = parser.expression(14)
    if (placeholder.node === 'Placeholder') return placeholder
    throw tokens.unexpected()
  }
  if (tokens.isSymbol('(')) return parseEnclosed(parser)
  const { start } = tokens.peek()
  const ctes = tokens.isWord('WITH') ? parseCtes(parser) : undefined
  if (ctes !== undefined && tokens.isSymbol('(')) {
    const query = parseEnclosed(parser)
    if (query.node === 'Placeholder') throw tokens.unexpected()
    return { ...query, ctes: [...ctes, ...(query.ctes ?? [])], start, end: tokens.end }
  }
  return { ...parseSelect(parser), ...(ctes === undefined ? {} : { ctes }), start, end: tokens.end }
}

function parseEnclosed(parser: Parser): Query {
  const { tokens } = parser
  tokens.expectSymbol('(')
  const query = parser.query()
  tokens.expectSymbol(')')
  return query
}

function takeSetOperator({ tokens }: Parser): string | undefined {
  const { keyword } = tokens.peek()
  if (!SET_OPERATORS.includes(keyword)) return undefined
  tokens.take()
  const words: string[] = [keyword]
  const isPlainUnion = keyword === 'UNION' && !tokens.isWord('ALL') && !tokens.isWord('DISTINCT')
  if (isPlainUnion) words.push('DISTINCT')
  if (tokens.takeWord('ALL')) words.push('ALL')
  else if (keyword !== 'EXCEPT' && tokens.takeWord('DISTINCT')) words.push('DISTINCT')
  if (tokens.takeWord('BY', 'NAME')) words.push('BY NAME')
  return words.join(' ')
}

function parseSelect(parser: Parser): Select {
  const { tokens } = parser
  const { start } = tokens.expectWord('SELECT')
  const distinct = tokens.isWord('DISTINCT') && !endsItem(parser, 1) ? tokens.takeWord('DISTINCT') : false
  if (tokens.isWord('TOP') && tokens.peek(1).kind === 'number') {
    throw unsupported('SelectStmt.topClause()', tokens.peek())
  }
  const select = parseItems(parser)
  const from = tokens.takeWord('FROM') ? parseJoin(parser) : undefined
  const arrayJoin = parseArrayJoin(parser)
  const prewhere = tokens.takeWord('PREWHERE') ? parser.expression() : undefined
  const where = tokens.takeWord('WHERE') ? parser.expression() : undefined
  const groups = parseGroupBy(parser)
  const having = tokens.takeWord('HAVING') ? parser.expression() : undefined
  const qualify = tokens.takeWord('QUALIFY') ? parser.expression() : undefined
  const windows = parseWindows(parser)
  const orderBy = tokens.takeWord('ORDER', 'BY') ? parser.orders() : undefined
  const limitBy = tokens.attempt(() => parseLimitBy(parser))
  const limits = parseLimits(parser, true)
  if (tokens.isWord('SETTINGS')) throw unsupported('SelectStmt.settingsClause()', tokens.peek())
  return {
    node: 'SelectQuery',
    distinct,
    select,
    ...defined({ from, arrayJoin, prewhere, where, having, qualify, windows, orderBy, limitBy }),
    ...groups,
    ...limits,
    start,
    end: tokens.end,
  }
}

function unsupported(rule: string, span: { start: number; end: number }): HogqlError {
  return new HogqlError(`Unsupported: ${rule}`, span)
}

function endsItem({ tokens }: Parser, at: number): boolean {
  const { kind, value, keyword } = tokens.peek(at)
  const isAccess = tokens.isSymbol('.', at) && tokens.isName(at + 1)
  return (
    kind === 'end' || keyword === 'FROM' || (kind === 'symbol' && [',', ')', ';'].includes(value)) || isAccess
  )
}

/** The columns of a SELECT, with an optional comma at the end. */
function parseItems(parser: Parser): Expression[] {
  const { tokens } = parser
  const items = [parseItem(parser)]
  while (tokens.isSymbol(',')) {
    const isLast = tokens.isWord('FROM', 1) && !endsItem(parser, 2) && !isOperatorAt(parser, 2)
    tokens.take()
    if (isLast || tokens.peek().kind === 'end' || tokens.isSymbol(')') || startsSetOperator(parser)) break
    items.push(parseItem(parser))
  }
  return items
}

// Whether the next words join another query, and are not a column's name.
function startsSetOperator({ tokens }: Parser): boolean {
  const next = tokens.peek(1).keyword
  return SET_OPERATORS.includes(tokens.peek().keyword) && ['ALL', 'DISTINCT', 'SELECT'].includes(next)
}

function isOperatorAt({ tokens }: Parser, at: number): boolean {
  const { kind, value, keyword } = tokens.peek(at)
  return keyword === 'AS' || (kind === 'symbol' && !['(', '{', '<'].includes(value))
}

function parseItem(parser: Parser): Expression {
  const { tokens } = parser
  const { start } = tokens.peek()
  if (tokens.isName() && tokens.isSymbol(':', 1)) {
    const alias = tokens.take().value
    tokens.take()
    const expr = parser.expression()
    return { node: 'Alias', alias, expr, start, end: tokens.end }
  }
  const expr = parser.expression()
  const next = tokens.peek()
  const isAlias = next.kind === 'quoted' || (next.kind === 'word' && isColumnAlias(next.keyword))
  if (!isAlias || expr.node === 'Alias') return expr
  tokens.take()
  return { node: 'Alias', alias: next.value, expr, start, end: next.end }
}

function parseArrayJoin(parser: Parser): Select['arrayJoin'] {
  const { tokens } = parser
  const side = tokens.peek().keyword
  const isSided = (side === 'LEFT' || side === 'INNER') && tokens.isWord('ARRAY', 1)
  if (!isSided && !tokens.isWord('ARRAY')) return undefined
  if (!tokens.isWord('JOIN', isSided ? 2 : 1)) return undefined
  if (isSided) tokens.take()
  tokens.take()
  tokens.take()
  const exprs = parser.expressions()
  const unnamed = exprs.find((item) => item.node !== 'Alias')
  if (unnamed !== undefined) throw new HogqlError('ARRAY JOIN arrays must have an alias', unnamed)
  return { kind: isSided ? `${side} ARRAY JOIN` : 'ARRAY JOIN', exprs }
}
