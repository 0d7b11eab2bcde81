import { HogqlError } from '../hogql-error.ts'
import { parseOrders } from './clauses.ts'
import { parseExpression, parseExpressions } from './expression.ts'
import type { Parser } from './parser.ts'
import { parseQuery } from './select.ts'
import { parseTag } from './tag.ts'
import { TokenStream } from './token-stream.ts'
import type { Expression, Query, Tag } from './tree.ts'

function createParser(text: string): Parser {
  const parser: Parser = {
    tokens: new TokenStream(text),
    expression: (power) => parseExpression(parser, power),
    expressions: () => parseExpressions(parser),
    query: () => parseQuery(parser),
    orders: () => parseOrders(parser),
  }
  return parser
}

/** Longest query that PostHog's ClickHouse accepts, in characters. */
const MAX_LENGTH = 262_144

/**
 * Parses a HogQL query.
 *
 * @throws HogqlError with the position of the fault.
 */
export function parseHogqlQuery(text: string): Query | Tag {
  if (text.length > MAX_LENGTH) throw new HogqlError(`The query is longer than ${MAX_LENGTH} characters`)
  const parser = createParser(text)
  const { tokens } = parser
  const query = tokens.isSymbol('<') ? parseTag(parser) : parser.query()
  tokens.takeSymbol(';')
  expectEnd(parser)
  checkDepth(query)
  return query
}

/** Most levels of a tree. A chain of operators such as `1 + 1 + …` has one level for each. */
const MAX_LEVELS = 800

// Without recursion, so that no tree exceeds the stack.
function checkDepth(root: object): void {
  let level: unknown[] = [root]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_LEVELS) throw new HogqlError(`The query has more than ${MAX_LEVELS} levels`)
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value).filter(isObject) : [],
    )
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** Parses a HogQL expression. Throws HogqlError with the position of the fault. */
export function parseHogqlExpression(text: string): Expression {
  const parser = createParser(text)
  const expression = parser.expression()
  expectEnd(parser)
  return expression
}

function expectEnd({ tokens }: Parser): void {
  const { kind, start, end } = tokens.peek()
  if (kind === 'end') return
  const input = tokens.text.slice(start, end)
  throw new HogqlError(`mismatched input '${input}' expecting <EOF>`, { start, end })
}
