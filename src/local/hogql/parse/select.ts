import { HogqlError } from '../hogql-error.ts'
import { parseWindow } from './call.ts'
import { parseCtes, parseJoin } from './from.ts'
import { isColumnAlias } from './keywords.ts'
import type { Parser } from './parser.ts'
import type { Expression, LimitBy, Order, Query, Select, SelectSet, Window } from './tree.ts'

type SetRest = { operator: string; query: Query }
type Limits = Pick<Select, 'limit' | 'limitPercent' | 'offset' | 'withTies'>

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

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }
function defined<T extends Record<string, unknown>>(values: T): Defined<T> {
  // The filter leaves exactly the keys whose values are not undefined.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>
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

function parseGroupBy(parser: Parser): Pick<Select, 'groupBy' | 'groupByMode'> {
  const { tokens } = parser
  const result = tokens.takeWord('GROUP', 'BY') ? parseGroups(parser) : {}
  // PostHog's parser reads these two and drops them.
  if (tokens.isWord('WITH') && (tokens.isWord('CUBE', 1) || tokens.isWord('ROLLUP', 1))) {
    tokens.take()
    tokens.take()
  }
  tokens.takeWord('WITH', 'TOTALS')
  return result
}

function parseGroups(parser: Parser): Pick<Select, 'groupBy' | 'groupByMode'> {
  const { tokens } = parser
  const { keyword } = tokens.peek()
  if (keyword === 'ALL' && !['.', '(', ','].some((symbol) => tokens.isSymbol(symbol, 1))) {
    tokens.take()
    return { groupByMode: 'all' }
  }
  if ((keyword === 'CUBE' || keyword === 'ROLLUP') && tokens.isSymbol('(', 1)) {
    const groups = tokens.attempt(() => parseGroupsInCall(parser))
    if (groups !== undefined) return groups
  }
  if (!tokens.areWords('GROUPING', 'SETS')) return { groupBy: parser.expressions() }
  tokens.take()
  tokens.take()
  tokens.expectSymbol('(')
  const sets: Expression[][] = []
  do {
    tokens.expectSymbol('(')
    sets.push(tokens.isSymbol(')') ? [] : parser.expressions())
    tokens.expectSymbol(')')
  } while (tokens.takeSymbol(','))
  tokens.expectSymbol(')')
  return { groupBy: sets, groupByMode: 'grouping_sets' }
}

/** Parses `CUBE (…)` and `ROLLUP (…)`. Fails when more groups follow: then it is a call of a function. */
function parseGroupsInCall(parser: Parser): Pick<Select, 'groupBy' | 'groupByMode'> {
  const { tokens } = parser
  const groupByMode = tokens.take().keyword === 'CUBE' ? 'cube' : 'rollup'
  tokens.expectSymbol('(')
  const groupBy = parser.expressions()
  tokens.expectSymbol(')')
  if (tokens.isSymbol(',')) throw tokens.unexpected()
  return { groupBy, groupByMode }
}

function parseWindows(parser: Parser): Record<string, Window> | undefined {
  const { tokens } = parser
  if (!tokens.takeWord('WINDOW')) return undefined
  const windows: Record<string, Window> = {}
  do {
    const { value } = tokens.expectName()
    tokens.expectWord('AS')
    tokens.expectSymbol('(')
    windows[value] = parseWindow(parser)
    tokens.expectSymbol(')')
  } while (tokens.takeSymbol(','))
  return windows
}

/** Parses ORDER BY expressions. */
export function parseOrders(parser: Parser): Order[] {
  const { tokens } = parser
  const orders: Order[] = []
  do {
    const { start } = tokens.peek()
    const expr = parser.expression()
    const { keyword } = tokens.peek()
    const descending = keyword === 'DESC' || keyword === 'DESCENDING'
    if (descending || keyword === 'ASC' || keyword === 'ASCENDING') tokens.take()
    // PostHog's parser reads NULLS FIRST and NULLS LAST, and drops them.
    if (tokens.takeWord('NULLS') && !tokens.takeWord('FIRST')) tokens.expectWord('LAST')
    if (tokens.takeWord('COLLATE') && tokens.take().kind !== 'string') throw tokens.unexpected()
    const fill = parseFill(parser)
    orders.push({
      expr,
      descending,
      ...(fill === undefined ? {} : { fill }),
      start,
      end: tokens.end,
    })
  } while (tokens.takeSymbol(','))
  return orders
}

function parseFill(parser: Parser): Order['fill'] {
  const { tokens } = parser
  if (!tokens.takeWord('WITH', 'FILL')) return undefined
  const from = tokens.takeWord('FROM') ? parser.expression() : undefined
  const to = tokens.takeWord('TO') ? parser.expression() : undefined
  const step = tokens.takeWord('STEP') ? parser.expression() : undefined
  return defined({ from, to, step })
}

/** Parses `LIMIT n BY columns`. Fails for a LIMIT without BY. */
function parseLimitBy(parser: Parser): LimitBy | undefined {
  const { tokens } = parser
  if (!tokens.takeWord('LIMIT')) return undefined
  const count = parser.expression()
  // Here, unlike in LIMIT, the offset comes first: `LIMIT offset, count BY columns`.
  const isOffsetFirst = tokens.takeSymbol(',')
  const second = isOffsetFirst || tokens.takeWord('OFFSET') ? parser.expression() : undefined
  tokens.expectWord('BY')
  const exprs = parser.expressions()
  if (second === undefined) return { count, exprs }
  return isOffsetFirst ? { count: second, offset: count, exprs } : { count, offset: second, exprs }
}

const SET_OPERATORS = ['UNION', 'INTERSECT', 'EXCEPT']

/** Parses LIMIT and OFFSET. In `LIMIT a, b`, PostHog takes `b` for the offset. */
function parseLimits(parser: Parser, isOperand = false): Limits {
  const { tokens } = parser
  if (tokens.takeWord('OFFSET')) return { offset: parser.expression() }
  if (!tokens.takeWord('LIMIT')) return {}
  const limit = parser.expression()
  const percent = tokens.takeSymbol('%')
  let offset = tokens.takeSymbol(',') ? parser.expression() : undefined
  const withTies = tokens.takeWord('WITH', 'TIES')
  // After the last query of a set, PostHog's parser takes LIMIT for that query and OFFSET for the whole set.
  offset ??= tokens.attempt(() => {
    tokens.expectWord('OFFSET')
    const value = parser.expression()
    if (isOperand && !SET_OPERATORS.includes(tokens.peek().keyword)) throw tokens.unexpected()
    return value
  })
  return {
    limit,
    ...(percent ? { limitPercent: true } : {}),
    ...(offset === undefined ? {} : { offset }),
    ...(withTies ? { withTies: true } : {}),
  }
}
