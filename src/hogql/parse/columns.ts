import type { Parser } from './parser.ts'
import type { Expression } from './tree.ts'

/** Parses `*`, `t.*` and what follows: EXCLUDE (a, b) and, inside COLUMNS(…) or parentheses, REPLACE (a AS b). */
export function parseColumns(parser: Parser, isEnclosed = false): Expression {
  const { tokens } = parser
  const { start } = tokens.peek()
  const table: string[] = []
  while (!tokens.takeSymbol('*')) {
    table.push(tokens.expectName().value)
    tokens.expectSymbol('.')
  }
  const exclude = parseExclude(parser)
  const replace = isEnclosed ? parseReplace(parser) : undefined
  const span = { start, end: tokens.end }
  if (exclude === undefined && replace === undefined)
    return { node: 'Field', chain: [...table, '*'], ...span }
  return {
    node: 'ColumnsExpr',
    table,
    ...(exclude === undefined ? {} : { exclude }),
    ...(replace === undefined ? {} : { replace }),
    ...span,
  }
}

/** Parses COLUMNS('regex'), COLUMNS(a, b) and COLUMNS(* …). The word itself is the next token. */
export function parseColumnsCall(parser: Parser): Expression {
  const { tokens } = parser
  const { start } = tokens.expectWord('COLUMNS')
  tokens.expectSymbol('(')
  const first = tokens.peek()
  const span = (): { start: number; end: number } => ({ start, end: tokens.end })
  if (first.kind === 'string' && tokens.isSymbol(')', 1)) {
    tokens.take()
    tokens.take()
    return { node: 'ColumnsExpr', regex: first.value, ...span() }
  }
  const isStar = tokens.isSymbol('*') || (tokens.isSymbol('.', 1) && tokens.isSymbol('*', 2))
  const star = isStar ? tokens.attempt(() => parseReplaced(parser)) : undefined
  if (star !== undefined) return { ...star, ...span() }
  const columns = parser.expressions()
  tokens.expectSymbol(')')
  return { node: 'ColumnsExpr', columns, ...span() }
}

// `* REPLACE (…)` and `* EXCLUDE (…) REPLACE (…)`, to the closing parenthesis.
function parseReplaced(parser: Parser): Expression {
  const columns = parseColumns(parser, true)
  parser.tokens.expectSymbol(')')
  if (columns.node === 'ColumnsExpr' && (columns.replace !== undefined || columns.table?.length === 0))
    return columns
  throw parser.tokens.unexpected()
}

function parseExclude({ tokens }: Parser): string[] | undefined {
  if (!tokens.isWord('EXCLUDE') || !tokens.isSymbol('(', 1)) return undefined
  tokens.take()
  tokens.take()
  const names: string[] = []
  while (tokens.isName()) {
    const parts = [tokens.take().value]
    while (tokens.takeSymbol('.')) parts.push(tokens.expectName().value)
    names.push(parts.join('.'))
    if (!tokens.takeSymbol(',')) break
  }
  tokens.expectSymbol(')')
  if (names.length === 0) throw tokens.unexpected()
  return names
}

function parseReplace(parser: Parser): Record<string, Expression> | undefined {
  const { tokens } = parser
  if (!tokens.isWord('REPLACE') || !tokens.isSymbol('(', 1)) return undefined
  tokens.take()
  tokens.take()
  const replaced: Record<string, Expression> = {}
  do {
    const item = parser.expression()
    if (item.node !== 'Alias') throw tokens.unexpected()
    replaced[item.alias] = item.expr
  } while (tokens.takeSymbol(','))
  tokens.expectSymbol(')')
  return replaced
}
