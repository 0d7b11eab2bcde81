import { HogqlError } from '../hogql-error.ts'
import { parseColumnsCall } from './columns.ts'
import { POWER } from './expression-power.ts'
import type { Parser } from './parser.ts'
import type { Call, Expression, Order, Window } from './tree.ts'
import { parseTypeName } from './type-name.ts'

/** Parses a call: a name, its parentheses, and FILTER, WITHIN GROUP and OVER. */
export function parseCall(parser: Parser): Expression {
  const { tokens } = parser
  const { keyword } = tokens.peek()
  if (keyword === 'CAST' || keyword === 'TRY_CAST') return parseCast(parser)
  if (keyword === 'COLUMNS') return parseColumnsCall(parser)
  if (keyword === 'TRIM') {
    const trim = tokens.attempt(() => parseTrim(parser))
    if (trim !== undefined) return trim
  }
  // Keywords such as NULL are never function names.
  const name = tokens.expectName()
  const { start } = name
  const span = (): { start: number; end: number } => ({ start, end: tokens.end })
  let list = parseArguments(parser)
  if (tokens.takeWord('WITHIN')) {
    tokens.expectWord('GROUP')
    tokens.expectSymbol('(')
    tokens.expectWord('ORDER')
    tokens.expectWord('BY')
    const withinGroup = parser.orders()
    tokens.expectSymbol(')')
    return { node: 'Call', name: name.value, args: list.args, distinct: false, withinGroup, ...span() }
  }
  let params: readonly Expression[] | undefined
  if (tokens.isSymbol('(') && !list.distinct && list.orderBy === undefined) {
    params = list.args
    list = parseArguments(parser)
  }
  let filter: Expression | undefined
  if (tokens.isWord('FILTER') && tokens.isSymbol('(', 1)) {
    tokens.take()
    tokens.take()
    tokens.expectWord('WHERE')
    filter = parser.expression()
    tokens.expectSymbol(')')
  }
  const own = params === undefined ? {} : { params }
  if (tokens.takeWord('OVER')) {
    const over = tokens.isSymbol('(') ? parseEnclosedWindow(parser) : tokens.expectName().value
    return { node: 'WindowFunction', name: name.value, args: list.args, ...own, over, ...span() }
  }
  return {
    node: 'Call',
    name: name.value,
    ...list,
    ...own,
    ...(filter === undefined ? {} : { filter }),
    ...span(),
  }
}

function parseArguments(parser: Parser): Pick<Call, 'args' | 'distinct'> & { orderBy?: Order[] } {
  const { tokens } = parser
  tokens.expectSymbol('(')
  const distinct =
    tokens.isWord('DISTINCT') && !tokens.isSymbol(',', 1) && !(tokens.isSymbol('.', 1) && tokens.isName(2))
  if (distinct) tokens.take()
  if (tokens.takeSymbol(')')) return { args: [], distinct }
  if (tokens.isWord('SELECT') || tokens.isWord('WITH')) {
    const query = tokens.attempt(() => {
      const inner = parser.query()
      tokens.expectSymbol(')')
      return inner
    })
    if (query !== undefined) return { args: [query], distinct }
  }
  const args = parser.expressions()
  const orderBy = tokens.takeWord('ORDER', 'BY') ? parser.orders() : undefined
  tokens.expectSymbol(')')
  return { args, distinct, ...(orderBy === undefined ? {} : { orderBy }) }
}

function parseCast(parser: Parser): Expression {
  const { tokens } = parser
  const { keyword, start, value: name } = tokens.take()
  tokens.expectSymbol('(')
  // The type follows AS, so the value must not take it for an alias.
  const expr = parser.expression(POWER.alias + 1)
  if (!tokens.takeWord('AS')) {
    const rest = tokens.takeSymbol(',') ? parser.expressions() : []
    tokens.expectSymbol(')')
    return { node: 'Call', name, args: [expr, ...rest], distinct: false, start, end: tokens.end }
  }
  const type = parseTypeName(tokens, 'function')
  const { end } = tokens.expectSymbol(')')
  return { node: keyword === 'CAST' ? 'TypeCast' : 'TryCast', expr, type, start, end }
}

const TRIM_FUNCTIONS: Readonly<Record<string, string>> = {
  BOTH: 'trim',
  LEADING: 'trimLeft',
  TRAILING: 'trimRight',
}

function parseTrim(parser: Parser): Expression {
  const { tokens } = parser
  const { start } = tokens.expectWord('TRIM')
  tokens.expectSymbol('(')
  const name = TRIM_FUNCTIONS[tokens.peek().keyword]
  const characters = tokens.peek(1)
  if (name === undefined || characters.kind !== 'string') throw tokens.unexpected()
  tokens.take()
  tokens.take()
  tokens.expectWord('FROM')
  const text = parser.expression()
  const { end } = tokens.expectSymbol(')')
  const value: Expression = {
    node: 'Constant',
    value: characters.value,
    start: characters.start,
    end: characters.end,
  }
  return { node: 'Call', name, args: [text, value], distinct: false, start, end }
}

function parseEnclosedWindow(parser: Parser): Window {
  const { tokens } = parser
  tokens.expectSymbol('(')
  const window = parseWindow(parser)
  tokens.expectSymbol(')')
  return window
}

/** Parses PARTITION BY, ORDER BY and the frame of a window. */
export function parseWindow(parser: Parser): Window {
  const { tokens } = parser
  const { start } = tokens.peek()
  const partitionBy = tokens.takeWord('PARTITION', 'BY') ? parser.expressions() : undefined
  const orderBy = tokens.takeWord('ORDER', 'BY') ? parser.orders() : undefined
  const frame = parseFrame(parser)
  return {
    ...(partitionBy === undefined ? {} : { partitionBy }),
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(frame === undefined ? {} : { frame }),
    start,
    end: tokens.end,
  }
}

function parseFrame(parser: Parser): Window['frame'] {
  const { tokens } = parser
  const { keyword } = tokens.peek()
  if (keyword !== 'ROWS' && keyword !== 'RANGE') return undefined
  tokens.take()
  if (!tokens.takeWord('BETWEEN')) return { method: keyword, start: parseBound(parser) }
  const start = parseBound(parser)
  tokens.expectWord('AND')
  return { method: keyword, start, end: parseBound(parser) }
}

function parseBound(parser: Parser): NonNullable<Window['frame']>['start'] {
  const { tokens } = parser
  if (tokens.takeWord('CURRENT', 'ROW')) return { kind: 'CURRENT ROW' }
  const value = tokens.takeWord('UNBOUNDED') ? undefined : parser.expression()
  const { keyword, start, end } = tokens.take()
  if (keyword !== 'PRECEDING' && keyword !== 'FOLLOWING') {
    throw new HogqlError('Expected PRECEDING or FOLLOWING after the bound of a window frame', { start, end })
  }
  return { kind: keyword, ...(value === undefined ? {} : { value }) }
}
