import { loneNameArguments } from './allowed-functions.ts'
import { bindValue } from './bind-value.ts'
import { type PropertyTypes, readChain } from './chains.ts'
import { HogqlError } from './hogql-error.ts'
import { type LimitClause, readLimitClause } from './limit-clause.ts'
import type { ParsedHogql } from './parse.ts'
import { renamedFunctions } from './renamed-functions.ts'
import { findSelectItems } from './select-items.ts'
import { isName, isSymbol, type Token } from './token.ts'
import { quotedName, writeToken } from './write-token.ts'

/** Rows that PostHog returns from a SELECT without LIMIT. */
export const DEFAULT_ROW_LIMIT: number = 100
/** The largest LIMIT that PostHog honours; a greater one is lowered without a word. */
export const MAX_ROW_LIMIT: number = 50_000

export interface TranslateOptions {
  /** Full ClickHouse name of a sample table, ready to be written. */
  readonly tableName: (table: string) => string
  /** The value of a placeholder such as `variables.country`. Throws for one that is not given. */
  readonly valueOf: (placeholder: string) => unknown
  readonly propertyTypes: PropertyTypes
  /** Rows to ask for in place of the query's own LIMIT and OFFSET. */
  readonly page?: { readonly limit: number; readonly offset: number }
}

/** A query that ClickHouse can run. */
export interface TranslatedQuery {
  readonly sql: string
  /** The same query asking for one row more. */
  readonly sqlWithProbe: string
  readonly parameters: Readonly<Record<string, string | boolean>>
  /** The row limit in force and the rows skipped; limit is null when the text has one that is not a plain number. */
  readonly limit: number | null
  readonly offset: number
}

/** Writes HogQL as ClickHouse SQL, with every value bound as a typed parameter. */
export function translate(query: ParsedHogql, options: TranslateOptions): TranslatedQuery {
  const parameters: Record<string, string | boolean> = {}
  const bind = (token: Token): string => {
    const bound = bindValue(options.valueOf(token.value), `p${token.start}`, token.value)
    Object.assign(parameters, bound.parameters)
    return bound.sql
  }
  const clause = readLimitClause(query.tokens)
  const body = writeBody(query, clause.opaque ? query.tokens.length : clause.from, bind, options)
  const rows = rowLimit(clause, options)
  if (clause.opaque && options.page === undefined)
    return { sql: body, sqlWithProbe: body, parameters, limit: null, offset: 0 }
  const wrap = clause.isSet || clause.opaque
  const select = wrap ? `SELECT * FROM (${body})` : body
  const skip = rows.offset > 0 ? ` OFFSET ${rows.offset}` : ''
  const write = (limit: number): string => `${select} LIMIT ${limit}${skip}`
  return { sql: write(rows.limit), sqlWithProbe: write(rows.limit + 1), parameters, ...rows }
}

/** The literal LIMIT of the saved text, if it has one. */
export function literalLimit(tokens: readonly Token[]): number | undefined {
  const { limit } = readLimitClause(tokens)
  return limit?.kind === 'number' ? Number(limit.value) : undefined
}

function rowLimit(clause: LimitClause, options: TranslateOptions): { limit: number; offset: number } {
  const count = (token: Token | undefined, fallback: number): number => {
    if (token === undefined) return fallback
    const value = token.kind === 'placeholder' ? options.valueOf(token.value) : Number(token.value)
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      throw new HogqlError('LIMIT and OFFSET must be whole numbers from 0')
    }
    return value
  }
  if (options.page !== undefined) {
    return { limit: Math.min(options.page.limit, MAX_ROW_LIMIT), offset: options.page.offset }
  }
  return {
    limit: Math.min(count(clause.limit, DEFAULT_ROW_LIMIT), MAX_ROW_LIMIT),
    offset: count(clause.offset, 0),
  }
}

function writeBody(
  query: ParsedHogql,
  end: number,
  bind: (token: Token) => string,
  options: TranslateOptions,
): string {
  const { tokens, use } = query
  const items = new Map(findSelectItems(tokens).map((item) => [item.to, item]))
  const renamed = renamedFunctions(tokens)
  const lone = new Set(loneNameArguments(tokens))
  const pieces: string[] = []
  const rewritten: { from: number; to: number; label: string }[] = []
  const nameItemEndingAt = (index: number): void => {
    const item = items.get(index)
    if (item === undefined || item.named) return
    const first = rewritten.findLastIndex((chain) => chain.from < item.from)
    const inside = rewritten.slice(first + 1)
    const whole = inside.find((chain) => chain.from === item.from && chain.to === item.to)
    const source = query.text.slice(tokens[item.from]?.start, tokens[item.to - 1]?.end)
    if (inside.length > 0) pieces.push('AS', quotedName(whole?.label ?? source.replace(/\s+/g, ' ')))
  }
  let index = 0
  while (index < end) {
    nameItemEndingAt(index)
    const token = tokens[index]
    if (token === undefined) break
    const startsName = isName(token) && !isSymbol(tokens[index - 1], '.')
    const chain = startsName ? readChain(tokens, index, use.aliases, options.propertyTypes) : undefined
    if (chain !== undefined) {
      pieces.push(chain.sql)
      rewritten.push(chain)
      index = chain.to
      continue
    }
    const table = use.tables.get(index)
    // The alias keeps `events.timestamp` valid, whatever the table is really called.
    if (table !== undefined) {
      pieces.push(options.tableName(table.name))
      if (!table.aliased) pieces.push('AS', quotedName(table.name))
    } else if (lone.has(index)) {
      // In `identity` it is a column and nothing else.
      pieces.push(`identity(${writeToken(token)})`)
      rewritten.push({ from: index, to: index + 1, label: token.value })
    } else {
      pieces.push(renamed.get(index) ?? (token.kind === 'placeholder' ? bind(token) : writeToken(token)))
    }
    index += 1
  }
  nameItemEndingAt(end)
  return pieces.join(' ')
}
