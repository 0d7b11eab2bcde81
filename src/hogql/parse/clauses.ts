import { parseWindow } from './call.ts'
import type { Parser } from './parser.ts'
import type { Expression, LimitBy, Order, Select, Window } from './tree.ts'

type Limits = Pick<Select, 'limit' | 'limitPercent' | 'offset' | 'withTies'>

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }
/** The members that have a value. */
export function defined<T extends Record<string, unknown>>(values: T): Defined<T> {
  // The filter leaves exactly the keys whose values are not undefined.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>
}

/** Parses GROUP BY. */
export function parseGroupBy(parser: Parser): Pick<Select, 'groupBy' | 'groupByMode'> {
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

/** Parses WINDOW. */
export function parseWindows(parser: Parser): Record<string, Window> | undefined {
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
export function parseLimitBy(parser: Parser): LimitBy | undefined {
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

/** Words that join two queries. */
export const SET_OPERATORS: readonly string[] = ['UNION', 'INTERSECT', 'EXCEPT']

/** Parses LIMIT and OFFSET. In `LIMIT a, b`, PostHog takes `b` for the offset. */
export function parseLimits(parser: Parser, isOperand = false): Limits {
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
