import { parseColumnAliases } from './from.ts'
import type { Parser } from './parser.ts'
import type { Cte } from './tree.ts'

/** Parses WITH and its named queries and columns. */
export function parseCtes(parser: Parser): Cte[] {
  const { tokens } = parser
  tokens.expectWord('WITH')
  const recursive = tokens.takeWord('RECURSIVE')
  const ctes: Cte[] = []
  do {
    // After a comma at the end comes the query, which may be in parentheses.
    if (ctes.length > 0 && tokens.isWord('SELECT')) break
    if (ctes.length > 0 && tokens.isSymbol('(')) {
      const column = tokens.attempt(() => parseColumnCte(parser, recursive))
      if (column === undefined) break
      ctes.push(column)
    } else {
      ctes.push(tokens.attempt(() => parseQueryCte(parser, recursive)) ?? parseColumnCte(parser, recursive))
    }
  } while (tokens.takeSymbol(','))
  return ctes
}

function parseQueryCte(parser: Parser, recursive: boolean): Cte {
  const { tokens } = parser
  const { value: name, start } = tokens.expectName()
  const columns = parseColumnAliases(parser)
  if (tokens.takeWord('USING', 'KEY')) parseColumnAliases(parser)
  tokens.expectWord('AS')
  const negated = tokens.takeWord('NOT', 'MATERIALIZED')
  const materialized = negated ? false : tokens.takeWord('MATERIALIZED') ? true : undefined
  tokens.expectSymbol('(')
  const expr = parser.query()
  const { end } = tokens.expectSymbol(')')
  return {
    name,
    kind: 'subquery',
    expr,
    recursive,
    ...(columns === undefined ? {} : { columns }),
    ...(materialized === undefined ? {} : { materialized }),
    start,
    end,
  }
}

function parseColumnCte(parser: Parser, recursive: boolean): Cte {
  const { tokens } = parser
  const { start } = tokens.peek()
  const item = parser.expression()
  if (item.node !== 'Alias') throw tokens.unexpected()
  return { name: item.alias, kind: 'column', expr: item.expr, recursive, start, end: tokens.end }
}
