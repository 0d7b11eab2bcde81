import { quotedName, stringLiteral } from '../engine/sql-values.ts'
import { findSelectItems, type LimitClause, readLimitClause } from './clauses.ts'
import { loneNameArguments, renamedFunctions } from './functions.ts'
import type { ParsedHogql } from './parse.ts'
import { HogqlError, isName, isSymbol, type Token, writeToken } from './tokens.ts'

/** Default row limit of a SELECT without LIMIT. */
const DEFAULT_ROW_LIMIT: number = 100
/** Largest row limit. PostHog silently lowers a greater LIMIT. */
const MAX_ROW_LIMIT: number = 50_000

export interface TranslateOptions {
  /** Full ClickHouse name of a sample table. */
  readonly tableName: (table: string) => string
  /** Value of a placeholder such as `variables.country`. Throws when it has none. */
  readonly valueOf: (placeholder: string) => unknown
  readonly propertyTypes: PropertyTypes
  /** Replaces LIMIT and OFFSET of the query. */
  readonly page?: { readonly limit: number; readonly offset: number }
}

/** A query that ClickHouse can run. */
export interface TranslatedQuery {
  readonly sql: string
  /** The same query with one extra row. */
  readonly sqlWithProbe: string
  readonly parameters: Readonly<Record<string, string | boolean>>
  /** The effective row limit. Null when the query has a LIMIT that is not a plain number. */
  readonly limit: number | null
  readonly offset: number
}

/** Translates HogQL to ClickHouse SQL, with every value bound as a typed parameter. */
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

/** The LIMIT of a query, when it is a literal number. */
export function literalLimit(tokens: readonly Token[]): number | undefined {
  const { limit } = readLimitClause(tokens)
  return limit?.kind === 'number' ? Number(limit.value) : undefined
}

function rowLimit(clause: LimitClause, options: TranslateOptions): { limit: number; offset: number } {
  const count = (token: Token | undefined, fallback: number): number => {
    if (token === undefined) return fallback
    const value = token.kind === 'placeholder' ? options.valueOf(token.value) : Number(token.value)
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      throw new HogqlError('LIMIT and OFFSET must be integers of at least 0')
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
    const first = rewritten.findLastIndex((path) => path.from < item.from)
    const inside = rewritten.slice(first + 1)
    const exact = inside.find((path) => path.from === item.from && path.to === item.to)
    const source = query.text.slice(tokens[item.from]?.start, tokens[item.to - 1]?.end)
    if (inside.length > 0) pieces.push('AS', quotedName(exact?.label ?? source.replace(/\s+/g, ' ')))
  }
  let index = 0
  while (index < end) {
    nameItemEndingAt(index)
    const token = tokens[index]
    if (token === undefined) break
    const startsName = isName(token) && !isSymbol(tokens[index - 1], '.')
    const path = startsName ? readPropertyPath(tokens, index, use.aliases, options.propertyTypes) : undefined
    if (path !== undefined) {
      pieces.push(path.sql)
      rewritten.push(path)
      index = path.to
      continue
    }
    const table = use.tables.get(index)
    // The alias keeps `events.timestamp` valid under any real table name.
    if (table !== undefined) {
      pieces.push(options.tableName(table.name))
      if (!table.aliased) pieces.push('AS', quotedName(table.name))
    } else if (lone.has(index)) {
      // Inside `identity`, the engine resolves the name to a column only.
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

/** ClickHouse types of properties that are not text, such as `Float64` for `amount`. */
export type PropertyTypes = Readonly<Record<string, string>>

/** A dotted name, rewritten for ClickHouse. */
export interface PropertyPath {
  /** Token range. `to` is exclusive. */
  readonly from: number
  readonly to: number
  readonly sql: string
  /** Last part of the name, which is the column name in the result. */
  readonly label: string
}

/** Columns of the events table for fields of the event's person. */
const PERSON_FIELDS: Readonly<Record<string, string>> = {
  id: 'person_id',
  created_at: 'person_created_at',
  is_identified: 'person_is_identified',
  properties: 'person_properties',
}

/**
 * Rewrites the dotted name at `from` when it is a path into `properties` or `person`. Otherwise returns undefined.
 * As in HogQL, a property is nullable text unless its type is known.
 */
function readPropertyPath(
  tokens: readonly Token[],
  from: number,
  aliases: ReadonlySet<string>,
  types: PropertyTypes,
): PropertyPath | undefined {
  const parts: string[] = []
  let to = from
  while (isName(tokens[to]) || (to > from && tokens[to]?.kind === 'number')) {
    parts.push(tokens[to]?.value ?? '')
    to += 1
    // `properties['x']` is the same as `properties.x`.
    while (isSymbol(tokens[to], '[') && tokens[to + 1]?.kind === 'string' && isSymbol(tokens[to + 2], ']')) {
      parts.push(tokens[to + 1]?.value ?? '')
      to += 3
    }
    if (!isSymbol(tokens[to], '.')) break
    to += 1
  }
  if (parts.length < 2 || isSymbol(tokens[to], '(')) return undefined
  const personAt = aliases.has('person') ? -1 : parts.slice(0, 2).indexOf('person')
  const label = parts.at(-1) ?? ''
  if (personAt >= 0 && personAt + 1 < parts.length) {
    const field = PERSON_FIELDS[parts[personAt + 1] ?? '']
    if (field === undefined) return undefined
    const column = [...parts.slice(0, personAt), field].map(quotedName).join('.')
    return { from, to, sql: readProperty(column, parts.slice(personAt + 2), types), label }
  }
  const propertiesAt = parts.slice(0, 2).indexOf('properties')
  if (propertiesAt < 0 || propertiesAt + 1 >= parts.length) return undefined
  const column = parts
    .slice(0, propertiesAt + 1)
    .map(quotedName)
    .join('.')
  return { from, to, sql: readProperty(column, parts.slice(propertiesAt + 1), types), label }
}

function readProperty(column: string, path: readonly string[], types: PropertyTypes): string {
  if (path.length === 0) return column
  const type = (path.length === 1 ? types[path[0] ?? ''] : undefined) ?? 'String'
  return `JSONExtract(${column}, ${path.map(stringLiteral).join(', ')}, 'Nullable(${type})')`
}

/** The SQL of a bound value and its parameters. */
export interface BoundValue {
  readonly sql: string
  readonly parameters: Readonly<Record<string, string | boolean>>
}

const MAX_DEPTH = 8

/**
 * Binds a JSON value as typed query parameters. The value keeps its JSON type and never becomes part of the SQL text:
 * `5` and `"5"` stay different, `true` is a Bool, a list is an array, null is NULL.
 *
 * @throws HogqlError for objects, which HogQL has no literal for.
 */
export function bindValue(value: unknown, name: string, label: string, depth = 0): BoundValue {
  if (value === null || value === undefined) return { sql: 'NULL', parameters: {} }
  if (typeof value === 'string') return { sql: `{${name}:String}`, parameters: { [name]: value } }
  if (typeof value === 'boolean') return { sql: `{${name}:Bool}`, parameters: { [name]: value } }
  if (typeof value === 'number') {
    const type = Number.isSafeInteger(value) ? 'Int64' : 'Float64'
    return { sql: `{${name}:${type}}`, parameters: { [name]: String(value) } }
  }
  if (Array.isArray(value) && depth < MAX_DEPTH) {
    const items = value.map((item, index) => bindValue(item, `${name}_${index}`, label, depth + 1))
    return {
      sql: `[${items.map((item) => item.sql).join(', ')}]`,
      parameters: Object.assign({}, ...items.map((item) => item.parameters)),
    }
  }
  throw new HogqlError(
    `Expected the value of {${label}} to be a string, number, boolean, null or a list at most ${MAX_DEPTH} levels deep`,
  )
}
