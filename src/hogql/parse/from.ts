import { HogqlError } from '../hogql-error.ts'
import { POWER } from './expression-power.ts'
import { isTableAlias } from './keywords.ts'
import type { Parser } from './parser.ts'
import { parseTag } from './tag.ts'
import type { Expression, Join, Ratio, Sample, TableExpression, Values } from './tree.ts'

/** Parses the tables of a FROM clause with their joins. */
export function parseJoin(parser: Parser): Join {
  return parser.tokens.nested(() => parseTables(parser))
}

function parseTables(parser: Parser): Join {
  const { tokens } = parser
  const joins: Join[] = flatten(parseTable(parser))
  for (;;) {
    const type = takeJoinType(parser)
    if (type === undefined) break
    const [next, ...others] = flatten(parseTable(parser))
    if (next === undefined) break
    const constraint = type === 'CROSS JOIN' ? undefined : parseConstraint(parser)
    joins.push({ ...next, type, ...(constraint === undefined ? {} : { constraint }) }, ...others)
  }
  const [first, ...rest] = joins
  if (first === undefined) throw tokens.unexpected()
  return chain(first, rest)
}

/** The tables of a chain, each without the next one. */
function flatten(join: Join): Join[] {
  const joins: Join[] = []
  for (let at: Join | undefined = join; at !== undefined; at = at.next) {
    const { next: _, ...own } = at
    joins.push(own)
  }
  return joins
}

function chain(first: Join, rest: readonly Join[]): Join {
  const next = rest.reduceRight<Join | undefined>(
    (after, join) => (after === undefined ? join : { ...join, next: after }),
    undefined,
  )
  return next === undefined ? first : { ...first, next }
}

const STRICTNESS = ['ALL', 'ANY', 'ASOF', 'SEMI', 'ANTI']

/** Takes `LEFT ANY JOIN`, `CROSS JOIN` or a comma. The words of the type are put in PostHog's order. */
function takeJoinType({ tokens }: Parser): string | undefined {
  if (tokens.takeSymbol(',')) return 'CROSS JOIN'
  if (tokens.takeWord('CROSS', 'JOIN')) return 'CROSS JOIN'
  let at = tokens.isWord('NATURAL') || tokens.isWord('POSITIONAL') ? 1 : 0
  const strictness: string[] = []
  let side = ''
  let outer = ''
  for (;;) {
    const { keyword } = tokens.peek(at)
    if (STRICTNESS.includes(keyword)) strictness.push(keyword)
    else if (['LEFT', 'RIGHT', 'FULL', 'INNER'].includes(keyword) && side === '') side = keyword
    else if (keyword === 'OUTER' && side !== '' && side !== 'INNER') outer = keyword
    else break
    at += 1
  }
  if (!tokens.isWord('JOIN', at)) return undefined
  for (let index = 0; index <= at; index += 1) tokens.take()
  const isInner = side === 'INNER' || (side === '' && strictness.length > 0)
  const words = isInner ? [...strictness, 'INNER'] : [side, outer, ...strictness]
  return [...words.filter((word) => word !== ''), 'JOIN'].join(' ')
}

function parseConstraint(parser: Parser): Join['constraint'] {
  const { tokens } = parser
  if (tokens.takeWord('ON')) {
    const exprs = parseConditions(parser)
    const [expr] = exprs
    if (expr === undefined || exprs.length > 1) {
      throw new HogqlError('Unsupported: JOIN ... ON with multiple expressions', exprs[1] ?? tokens.peek())
    }
    return { kind: 'ON', expr }
  }
  if (!tokens.takeWord('USING')) return undefined
  const enclosed = tokens.isSymbol('(')
  if (enclosed) tokens.take()
  const { start } = tokens.peek()
  const exprs = enclosed ? parser.expressions() : parseConditions(parser)
  if (enclosed) tokens.expectSymbol(')')
  const [only] = exprs
  const expr: Expression =
    exprs.length === 1 && only !== undefined ? only : { node: 'Tuple', exprs, start, end: tokens.end }
  return { kind: 'USING', expr }
}

/** Expressions up to a comma that begins the next table of a cross join, which has an alias. */
function parseConditions(parser: Parser): Expression[] {
  const { tokens } = parser
  const exprs = [parser.expression()]
  while (tokens.isSymbol(',')) {
    const next = tokens.attempt(() => {
      tokens.take()
      const expr = parser.expression()
      if (expr.node !== 'Alias' && takeAlias(parser) !== undefined) throw tokens.unexpected()
      return expr
    })
    if (next === undefined) break
    exprs.push(next)
  }
  return exprs
}

function parseTable(parser: Parser): Join {
  const { tokens } = parser
  const { start } = tokens.peek()
  const own = startsSubquery(parser) ? tokens.attempt(() => parseTableExpression(parser)) : undefined
  if (own === undefined && tokens.isSymbol('(')) {
    const joined = tokens.attempt(() => {
      tokens.take()
      const inner = parseJoin(parser)
      tokens.expectSymbol(')')
      return inner
    })
    if (joined !== undefined) return joined
  }
  const { table, tableArgs } = own ?? parseTableExpression(parser)
  const alias = takeAlias(parser)
  const columnAliases = alias === undefined ? undefined : parseColumnAliases(parser)
  const pivot = parsePivot(parser)
  const final = tokens.takeWord('FINAL')
  const sample = parseSample(parser)
  return {
    table: pivot ?? table,
    final,
    ...(tableArgs === undefined ? {} : { tableArgs }),
    ...(alias === undefined || pivot !== undefined ? {} : { alias }),
    ...(columnAliases === undefined ? {} : { columnAliases }),
    ...(sample === undefined ? {} : { sample }),
    start,
    end: tokens.end,
  }
}

function startsSubquery({ tokens }: Parser): boolean {
  let at = 0
  while (tokens.isSymbol('(', at)) at += 1
  return at > 0 && ['SELECT', 'WITH', 'VALUES'].includes(tokens.peek(at).keyword)
}

function parseTableExpression(parser: Parser): { table: TableExpression; tableArgs?: Expression[] } {
  const { tokens } = parser
  const { start } = tokens.peek()
  if (tokens.isSymbol('{')) {
    const placeholder = parser.expression(POWER.postfix + 1)
    if (placeholder.node !== 'Placeholder') throw tokens.unexpected()
    return { table: placeholder }
  }
  if (tokens.isSymbol('<')) return { table: parseTag(parser) }
  if (tokens.isSymbol('(')) {
    tokens.take()
    const table = tokens.isWord('VALUES') ? parseValues(parser) : parser.query()
    const { end } = tokens.expectSymbol(')')
    return { table: table.node === 'ValuesQuery' ? { ...table, end } : table }
  }
  const names = [tokens.expectName().value]
  while (tokens.takeSymbol('.')) names.push(tokens.expectName().value)
  const table: TableExpression = { node: 'Field', chain: names, start, end: tokens.end }
  if (names.length > 1 || !tokens.takeSymbol('(')) return { table }
  const tableArgs = tokens.isSymbol(')') ? [] : parser.expressions()
  tokens.expectSymbol(')')
  return { table, tableArgs }
}

function parseValues(parser: Parser): Values {
  const { tokens } = parser
  const { start } = tokens.expectWord('VALUES')
  const rows: Expression[][] = []
  do {
    tokens.expectSymbol('(')
    rows.push(parser.expressions())
    tokens.expectSymbol(')')
  } while (tokens.takeSymbol(','))
  return { node: 'ValuesQuery', rows, start, end: tokens.end }
}

function takeAlias({ tokens }: Parser): string | undefined {
  if (tokens.takeWord('AS')) return tokens.expectName().value
  const { kind, keyword } = tokens.peek()
  if (kind !== 'quoted' && !(kind === 'word' && isTableAlias(keyword))) return undefined
  return tokens.take().value
}

/** Parses `(a, b)` after the name of a table. */
export function parseColumnAliases({ tokens }: Parser): string[] | undefined {
  if (!tokens.takeSymbol('(')) return undefined
  const names: string[] = []
  do names.push(tokens.expectName().value)
  while (tokens.takeSymbol(','))
  tokens.expectSymbol(')')
  return names
}

// PIVOT and UNPIVOT are skipped to their closing parenthesis: PostHog's ClickHouse has neither.
function parsePivot({ tokens }: Parser): TableExpression | undefined {
  const { keyword, start } = tokens.peek()
  if (keyword !== 'PIVOT' && keyword !== 'UNPIVOT') return undefined
  tokens.take()
  tokens.takeWord('INCLUDE', 'NULLS')
  tokens.expectSymbol('(')
  for (let depth = 1; depth > 0; ) {
    if (tokens.peek().kind === 'end') throw tokens.unexpected()
    const token = tokens.take()
    if (token.kind === 'symbol') depth += token.value === '(' ? 1 : token.value === ')' ? -1 : 0
  }
  return { node: keyword === 'PIVOT' ? 'PivotExpr' : 'UnpivotExpr', start, end: tokens.end }
}

function parseSample(parser: Parser): Sample | undefined {
  const { tokens } = parser
  if (!tokens.takeWord('SAMPLE')) return undefined
  const ratio = parseRatio(parser)
  if (!tokens.takeWord('OFFSET')) return { ratio }
  return { ratio, offset: parseRatio(parser) }
}

function parseRatio(parser: Parser): Ratio {
  const { tokens } = parser
  const number = (): Expression => {
    const value = parser.expression(POWER.postfix + 1)
    if (value.node !== 'Constant' && value.node !== 'Placeholder') throw tokens.unexpected()
    return value
  }
  const left = number()
  return tokens.takeSymbol('/') ? { left, right: number() } : { left }
}
