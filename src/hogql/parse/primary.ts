import { parseCall } from './call.ts'
import { parseColumns } from './columns.ts'
import { POWER } from './expression-power.ts'
import { parseKeyword } from './keyword-forms.ts'
import { parseNumber } from './number.ts'
import type { Parser } from './parser.ts'
import { parseTag } from './tag.ts'
import { parseTemplate } from './template.ts'
import type { Expression } from './tree.ts'

/** Parses an operand: a value, name, call, list, query or prefix operator with its operand. */
export function parsePrimary(parser: Parser): Expression {
  const { tokens } = parser
  const token = tokens.peek()
  const { start, end } = token
  switch (token.kind) {
    case 'number':
      return parseNumber(tokens, 1)
    case 'string':
      tokens.take()
      return { node: 'Constant', value: token.value, start, end }
    case 'template':
      return parseTemplate(parser)
    case 'symbol':
      return parseSymbol(parser)
    case 'end':
      throw tokens.unexpected()
    default:
      return parseLambda(parser) ?? parseWord(parser)
  }
}

function parseSymbol(parser: Parser): Expression {
  const { tokens } = parser
  const { value, start } = tokens.peek()
  const span = (): { start: number; end: number } => ({ start, end: tokens.end })
  if (value === '-' || value === '+') {
    const next = tokens.peek(1)
    if (
      next.kind === 'number' ||
      ['INF', 'INFINITY', 'NAN'].includes(next.keyword) ||
      isFraction(parser, 1)
    ) {
      tokens.take()
      return { ...parseNumber(tokens, value === '-' ? -1 : 1), start }
    }
    if (value === '+') throw tokens.unexpected()
    tokens.take()
    const right = parser.expression(POWER.negate)
    const left: Expression = { node: 'Constant', value: 0, start, end: start }
    return { node: 'ArithmeticOperation', operator: '-', left, right, ...span() }
  }
  if (value === '.' && isFraction(parser, 0)) return parseNumber(tokens, 1)
  if (value === '(') return parseParenthesis(parser)
  if (value === '[') return parseArray(parser)
  if (value === '{') return parseBrace(parser)
  if (value === '*') return parseColumns(parser)
  if (value === '<') return parseTag(parser)
  if (value === '#' && tokens.peek(1).kind === 'number') {
    tokens.take()
    return { node: 'PositionalRef', index: Number(tokens.take().value), ...span() }
  }
  throw tokens.unexpected()
}

function isFraction({ tokens }: Parser, at: number): boolean {
  return tokens.isSymbol('.', at) && tokens.peek(at + 1).kind === 'number'
}

function parseParenthesis(parser: Parser): Expression {
  const { tokens } = parser
  const lambda = parseLambda(parser)
  if (lambda !== undefined) return lambda
  const { start } = tokens.peek()
  const span = (): { start: number; end: number } => ({ start, end: tokens.end })
  if (tokens.isSymbol('*', 1) && (tokens.isWord('EXCLUDE', 2) || tokens.isWord('REPLACE', 2))) {
    const columns = tokens.attempt(() => {
      tokens.take()
      const inner = parseColumns(parser, true)
      tokens.expectSymbol(')')
      return inner
    })
    if (columns !== undefined) return { ...columns, ...span() }
  }
  if (startsQuery(parser)) {
    const query = tokens.attempt(() => {
      tokens.take()
      const inner = parser.query()
      tokens.expectSymbol(')')
      return inner
    })
    if (query !== undefined) return query
  }
  tokens.take()
  const exprs = parser.expressions()
  const [only] = exprs
  const comma = parser.tokens.text.slice(only?.end, tokens.peek().start).includes(',')
  tokens.expectSymbol(')')
  if (exprs.length === 1 && only !== undefined && !comma) return only
  return { node: 'Tuple', exprs, ...span() }
}

function startsQuery({ tokens }: Parser): boolean {
  let at = 1
  while (tokens.isSymbol('(', at)) at += 1
  return tokens.isWord('SELECT', at) || tokens.isWord('WITH', at) || tokens.isSymbol('{', at)
}

function parseArray(parser: Parser): Expression {
  const { tokens } = parser
  const { start } = tokens.expectSymbol('[')
  const exprs = tokens.isSymbol(']') ? [] : parser.expressions()
  const { end } = tokens.expectSymbol(']')
  return { node: 'Array', exprs, start, end }
}

/** `{}`, `{key: value}` or a placeholder. */
function parseBrace(parser: Parser): Expression {
  const { tokens } = parser
  const { start } = tokens.expectSymbol('{')
  const span = (): { start: number; end: number } => ({ start, end: tokens.end })
  const items: [Expression, Expression][] = []
  while (!tokens.isSymbol('}')) {
    const key = parser.expression()
    if (items.length === 0 && tokens.takeSymbol('}')) return { node: 'Placeholder', expr: key, ...span() }
    tokens.expectSymbol(':')
    items.push([key, parser.expression()])
    if (!tokens.takeSymbol(',')) break
  }
  tokens.expectSymbol('}')
  return { node: 'Dict', items, ...span() }
}

/** `x -> …`, `x, y -> …` and `(x, y) -> …`. */
function parseLambda(parser: Parser): Expression | undefined {
  const { tokens } = parser
  const { start } = tokens.peek()
  const enclosed = tokens.isSymbol('(')
  let at = enclosed ? 1 : 0
  const count = at
  while (tokens.isName(at)) {
    at += 1
    if (!tokens.isSymbol(',', at)) break
    at += 1
  }
  if (!enclosed && at === count) return undefined
  if (enclosed && !tokens.isSymbol(')', at)) return undefined
  if (!tokens.isSymbol('->', enclosed ? at + 1 : at)) return undefined
  const args: string[] = []
  for (;;) {
    const token = tokens.take()
    if (token.kind === 'symbol' && token.value === '->') break
    if (token.kind !== 'symbol') args.push(token.value)
  }
  const expr = parser.expression()
  return { node: 'Lambda', args, expr, start, end: tokens.end }
}

function parseWord(parser: Parser): Expression {
  const { tokens } = parser
  const { keyword, start, end, value } = tokens.peek()
  const span = (): { start: number; end: number } => ({ start, end: tokens.end })
  const next = tokens.peek(1)
  if (keyword === 'NULL') {
    tokens.take()
    return { node: 'Constant', value: null, start, end }
  }
  if (keyword === 'INF' || keyword === 'INFINITY' || keyword === 'NAN') return parseNumber(tokens, 1)
  if (tokens.isSymbol('(', 1)) {
    const isNotQuery = keyword === 'NOT' && (tokens.isWord('SELECT', 2) || tokens.isWord('WITH', 2))
    const form =
      keyword === 'INTERVAL' || keyword === 'CASE' || isNotQuery
        ? tokens.attempt(() => parseKeyword(parser))
        : undefined
    return form ?? parseCall(parser)
  }
  if (keyword === 'ARRAY' && tokens.isSymbol('[', 1)) {
    tokens.take()
    return { ...parseArray(parser), start }
  }
  const special = startsOperand(parser) ? tokens.attempt(() => parseKeyword(parser)) : undefined
  if (special !== undefined) return special
  if ((keyword === 'DATE' || keyword === 'TIMESTAMP') && next.kind === 'string') throw tokens.unexpected()
  if (!tokens.isName()) throw tokens.unexpected()
  if (tokens.isSymbol(':=', 1)) {
    tokens.take()
    tokens.take()
    return { node: 'NamedArgument', name: value, value: parser.expression(), ...span() }
  }
  if (isStarred(parser)) return parseColumns(parser)
  tokens.take()
  const isBoolean = (keyword === 'TRUE' || keyword === 'FALSE') && !(tokens.isSymbol('.') && tokens.isName(1))
  if (isBoolean) return { node: 'Constant', value: keyword === 'TRUE', start, end }
  return { node: 'Field', chain: [value], start, end }
}

/** Whether an operand follows the next token, which is then a prefix and not a name. */
function startsOperand({ tokens }: Parser): boolean {
  const { kind, value } = tokens.peek(1)
  return (
    kind !== 'end' &&
    (kind !== 'symbol' ||
      ['[', '{', '-', '+', '*', '<', '#'].includes(value) ||
      (value === '.' && tokens.peek(2).kind === 'number'))
  )
}

/** Whether the next tokens are a dotted name that ends in `*`. */
function isStarred({ tokens }: Parser): boolean {
  let at = 1
  while (tokens.isSymbol('.', at)) {
    if (tokens.isSymbol('*', at + 1)) return true
    if (!tokens.isName(at + 1)) return false
    at += 2
  }
  return false
}
