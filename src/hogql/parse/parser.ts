import type { TokenStream } from './token-stream.ts'
import type { Expression, Order, Query } from './tree.ts'

/** The rules that refer to each other in both directions: expressions contain queries, and queries expressions. */
export interface Parser {
  readonly tokens: TokenStream
  /** Parses an expression whose operators bind at least as tightly as `power`. Default: any expression. */
  expression(power?: number): Expression
  /** Parses expressions separated by commas, with an optional comma at the end. */
  expressions(): Expression[]
  /** Parses SELECT, in parentheses or not, with its set operations. */
  query(): Query
  orders(): Order[]
}
