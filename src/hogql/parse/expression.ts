import { POWER } from './expression-power.ts'
import type { Parser } from './parser.ts'
import { parsePrimary } from './primary.ts'
import type { Arithmetic, CompareOperator, Expression } from './tree.ts'
import { parseTypeName } from './type-name.ts'

const ARITHMETIC: Readonly<Record<string, number>> = {
  '+': POWER.add,
  '-': POWER.add,
  '*': POWER.multiply,
  '/': POWER.multiply,
  '%': POWER.multiply,
}

const TAG_START = /^<[a-zA-Z_][a-zA-Z0-9_-]*(?:[>/]|\s+[a-zA-Z_>/])/

const COMPARISONS: Readonly<Record<string, CompareOperator>> = {
  '=': '==',
  '==': '==',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '~': '=~',
  '=~': '=~',
  '!~': '!~',
  '~*': '=~*',
  '=~*': '=~*',
  '!~*': '!~*',
}

/** Parses an expression whose operators bind at least as tightly as `power`, by precedence climbing. */
export function parseExpression(parser: Parser, power: number = POWER.any): Expression {
  return parser.tokens.nested(() => {
    let left = parsePrimary(parser)
    for (;;) {
      const next =
        parseSymbolOperator(parser, left, power) ??
        (power > POWER.compare ? undefined : parseWordOperator(parser, left, power))
      if (next === undefined) return left
      left = next
    }
  })
}

/** Parses expressions separated by commas, with an optional comma at the end. */
export function parseExpressions(parser: Parser): Expression[] {
  const { tokens } = parser
  const items = [parser.expression()]
  while (tokens.takeSymbol(',')) {
    if (
      [')', ']', '}'].some((symbol) => tokens.isSymbol(symbol)) ||
      tokens.peek().kind === 'end' ||
      startsClause(parser)
    )
      break
    items.push(parser.expression())
  }
  return items
}

// Whether the next token begins the clause after a list of columns, and is not a column's name.
function startsClause({ tokens }: Parser): boolean {
  if (tokens.areWords('ORDER', 'BY')) return true
  const { keyword } = tokens.peek()
  if (!['HAVING', 'QUALIFY', 'WINDOW', 'LIMIT', 'OFFSET', 'WHERE'].includes(keyword)) return false
  const { kind, value } = tokens.peek(1)
  return kind !== 'end' && (kind !== 'symbol' || ['(', '{', '['].includes(value))
}

function parseSymbolOperator(parser: Parser, left: Expression, power: number): Expression | undefined {
  const { tokens } = parser
  const { kind, value } = tokens.peek()
  if (kind !== 'symbol') return undefined
  const span = (): { start: number; end: number } => ({ start: left.start, end: tokens.end })
  if (POWER.postfix >= power) {
    const postfix = parsePostfix(parser, left)
    if (postfix !== undefined) return postfix
  }
  const arithmetic = ARITHMETIC[value]
  if (arithmetic !== undefined && arithmetic >= power) {
    // `LIMIT 10 %` is a percentage, not a remainder.
    if (value === '%' && !startsOperand(parser)) return undefined
    tokens.take()
    const right = parser.expression(arithmetic + 1)
    return {
      node: 'ArithmeticOperation',
      operator: value as Arithmetic['operator'],
      left,
      right,
      ...span(),
    }
  }
  if (value === '||' && POWER.add >= power) {
    tokens.take()
    const right = parser.expression(POWER.add + 1)
    const args = [left, right].flatMap((item) => (isConcat(item) ? item.args : [item]))
    return { node: 'Call', name: 'concat', args, distinct: false, ...span() }
  }
  // PostHog's lexer takes `<b and` for the start of a tag.
  if (value === '<' && TAG_START.test(tokens.text.slice(tokens.peek().start, tokens.peek().start + 200)))
    throw tokens.unexpected()
  const comparison = COMPARISONS[value]
  if (comparison !== undefined && POWER.compare >= power) {
    tokens.take()
    const right = parser.expression(POWER.compare + 1)
    return { node: 'CompareOperation', operator: comparison, left, right, ...span() }
  }
  if (value === '??' && POWER.nullish >= power) {
    tokens.take()
    const right = parser.expression(POWER.nullish + 1)
    return { node: 'Call', name: 'ifNull', args: [left, right], distinct: false, ...span() }
  }
  if (value === '?' && POWER.ternary >= power) {
    tokens.take()
    const yes = parser.expression()
    tokens.expectSymbol(':')
    const no = parser.expression(POWER.ternary)
    return { node: 'Call', name: 'if', args: [left, yes, no], distinct: false, ...span() }
  }
  return undefined
}

function startsOperand({ tokens }: Parser): boolean {
  const { kind, value, keyword } = tokens.peek(1)
  if (kind === 'end' || keyword === 'OFFSET' || keyword === 'WITH') return false
  return kind !== 'symbol' || ['(', '[', '{', '-', '+', '*', '<', '#', '.'].includes(value)
}

function isConcat(item: Expression): item is Extract<Expression, { node: 'Call' }> {
  return item.node === 'Call' && item.name === 'concat' && !item.distinct && item.params === undefined
}

/** Access by index, key or name, casts with `::`, and calls of an expression. */
function parsePostfix(parser: Parser, left: Expression): Expression | undefined {
  const { tokens } = parser
  const span = (): { start: number; end: number } => ({ start: left.start, end: tokens.end })
  if (tokens.takeSymbol('[')) {
    const from = tokens.isSymbol(':') ? undefined : parser.expression()
    if (tokens.takeSymbol(':')) {
      const to = tokens.isSymbol(']') ? undefined : parser.expression()
      tokens.expectSymbol(']')
      return {
        node: 'ArraySlice',
        array: left,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...span(),
      }
    }
    if (from === undefined) throw tokens.unexpected()
    tokens.expectSymbol(']')
    return { node: 'ArrayAccess', array: left, property: from, nullish: false, ...span() }
  }
  if (tokens.isSymbol('.') || tokens.isSymbol('?.')) return parseAccess(parser, left)
  if (tokens.isSymbol('(')) {
    tokens.take()
    const args = tokens.isSymbol(')') ? [] : parser.expressions()
    tokens.expectSymbol(')')
    return { node: 'ExprCall', callee: left, args, ...span() }
  }
  if (tokens.takeSymbol('::')) {
    return { node: 'TypeCast', expr: left, type: parseTypeName(tokens, 'cast'), ...span() }
  }
  return undefined
}

function parseAccess(parser: Parser, left: Expression): Expression | undefined {
  const { tokens } = parser
  const nullish = tokens.isSymbol('?.')
  const span = (): { start: number; end: number } => ({ start: left.start, end: tokens.end })
  if (nullish && tokens.isSymbol('[', 1)) {
    tokens.take()
    tokens.take()
    const property = parser.expression()
    tokens.expectSymbol(']')
    return { node: 'ArrayAccess', array: left, property, nullish: true, ...span() }
  }
  if (tokens.peek(1).kind === 'number') {
    tokens.take()
    const index = Number(tokens.take().value)
    return { node: 'TupleAccess', tuple: left, index, nullish, ...span() }
  }
  if (!tokens.isName(1)) return undefined
  const dot = tokens.take()
  const name = tokens.take()
  const isEnclosed = tokens.text.slice(left.end, dot.start).includes(')')
  if (!nullish && left.node === 'Field' && !isEnclosed)
    return { ...left, chain: [...left.chain, name.value], ...span() }
  const property: Expression = { node: 'Constant', value: name.value, start: name.start, end: name.end }
  return { node: 'ArrayAccess', array: left, property, nullish, ...span() }
}

function parseWordOperator(parser: Parser, left: Expression, power: number): Expression | undefined {
  const { tokens } = parser
  const span = (): { start: number; end: number } => ({ start: left.start, end: tokens.end })
  const negated = tokens.isWord('NOT')
  const word = tokens.peek(negated ? 1 : 0).keyword
  const takeOperator = (): void => {
    if (negated) tokens.take()
    tokens.take()
  }
  if (word === 'BETWEEN' && POWER.between >= power) {
    takeOperator()
    const low = parser.expression(POWER.between)
    tokens.expectWord('AND')
    const high = parser.expression(POWER.between + 1)
    return { node: 'BetweenExpr', expr: left, low, high, negated, ...span() }
  }
  if (word === 'IN' || word === 'LIKE' || word === 'ILIKE') {
    takeOperator()
    const cohort =
      word === 'IN' && tokens.isWord('COHORT') ? tokens.attempt(() => parseCohort(parser)) : undefined
    const isCohort = cohort !== undefined
    const right = cohort ?? parser.expression(POWER.compare + 1)
    const base = isCohort ? 'in cohort' : (word.toLowerCase() as 'in' | 'like' | 'ilike')
    const operator: CompareOperator = negated ? `not ${base}` : base
    return { node: 'CompareOperation', operator, left, right, ...span() }
  }
  if (negated) return undefined
  if (word === 'IGNORE' && tokens.isWord('NULLS', 1) && POWER.compare >= power) {
    tokens.take()
    tokens.take()
    // PostHog's parser reads IGNORE NULLS and drops it.
    return { ...left, ...span() }
  }
  if (word === 'IS') return parseIs(parser, left, power)
  if (word === 'AND' || word === 'OR') {
    const own = word === 'AND' ? POWER.and : POWER.or
    if (own < power) return undefined
    const node = word === 'AND' ? 'And' : 'Or'
    const items = [left]
    while (tokens.takeWord(word)) items.push(parser.expression(own + 1))
    const exprs = items.flatMap((item) => (item.node === node ? item.exprs : [item]))
    return { node, exprs, ...span() }
  }
  if (word === 'AS' && POWER.alias >= power) {
    tokens.take()
    const alias = tokens.peek().kind === 'string' ? tokens.take() : tokens.expectName()
    return { node: 'Alias', alias: alias.value, expr: left, ...span() }
  }
  return undefined
}

function parseCohort(parser: Parser): Expression {
  parser.tokens.expectWord('COHORT')
  return parser.expression(POWER.compare + 1)
}

function parseIs(parser: Parser, left: Expression, power: number): Expression | undefined {
  const { tokens } = parser
  const span = (): { start: number; end: number } => ({ start: left.start, end: tokens.end })
  const negated = tokens.isWord('NOT', 1)
  const at = negated ? 2 : 1
  if (tokens.isWord('NULL', at) && POWER.isNull >= power) {
    for (let index = 0; index <= at; index += 1) tokens.take()
    const right: Expression = { node: 'Constant', value: null, start: tokens.end - 4, end: tokens.end }
    return { node: 'CompareOperation', operator: negated ? '!=' : '==', left, right, ...span() }
  }
  if (tokens.isWord('DISTINCT', at) && tokens.isWord('FROM', at + 1) && POWER.isDistinct >= power) {
    for (let index = 0; index <= at + 1; index += 1) tokens.take()
    const right = parser.expression(POWER.isDistinct + 1)
    return { node: 'IsDistinctFrom', left, right, negated, ...span() }
  }
  return undefined
}
