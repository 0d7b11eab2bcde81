import { HogqlError, NotLocalError } from '../../hogql/hogql-error.ts'
import { parseHogqlQuery } from '../../hogql/parse/parse.ts'
import type { Expression, Query } from '../../hogql/parse/tree.ts'
import type { Table } from '../../hogql/schema/table.ts'
import type { CompileOptions, Compiler } from './compile/context.ts'
import { compileExpression } from './compile/expressions.ts'
import { compileQuery } from './compile/select.ts'
import type { ResultColumn } from './compile/sql.ts'

/** Default row limit of a SELECT without LIMIT. */
const DEFAULT_ROW_LIMIT = 100
/** Largest row limit. PostHog silently lowers a greater LIMIT. */
const MAX_ROW_LIMIT = 50_000

/** A query that ClickHouse can run. */
export interface CompiledQuery {
  readonly sql: string
  /** The same query with one extra row. Equals `sql` when an extra row would say nothing. */
  readonly sqlWithProbe: string
  readonly columns: readonly ResultColumn[]
  /** The effective row limit. Null when the query has a LIMIT that is not a plain number. */
  readonly limit: number | null
  readonly offset: number
  /** Record tables that the query reads, by the name of their reader. */
  readonly records: ReadonlyMap<string, Table>
}

/** Part of the rows of a query. */
export interface RowPage {
  readonly limit: number
  readonly offset: number
}

/**
 * Parses HogQL.
 *
 * @throws HogqlError with the position of the fault.
 */
export function parseQuery(text: string): Query {
  const query = parseHogqlQuery(text)
  if (query.node === 'HogQLXTag') throw new NotLocalError('a tag in place of a query', query)
  return query
}

/**
 * Compiles HogQL to ClickHouse SQL.
 *
 * @param page Replaces LIMIT and OFFSET of the query.
 * @throws HogqlError with the position of the fault, and NotLocalError for what only PostHog can run.
 */
export function compileHogql(query: Query, options: CompileOptions, page?: RowPage): CompiledQuery {
  const compiler = createCompiler(options, new Map())
  const { records } = compiler
  if (page !== undefined) {
    const { sql, columns } =
      query.node === 'SelectQuery'
        ? compiler.query(query, undefined, { aliased: false, openLimit: true })
        : compiler.query(query, undefined, { aliased: true })
    const inner = query.node === 'SelectQuery' ? sql : `SELECT * FROM (${sql})`
    const limit = Math.min(page.limit, MAX_ROW_LIMIT)
    const paged = withLimit(inner, limit, page.offset)
    return { sql: paged, sqlWithProbe: paged, columns, limit, offset: page.offset, records }
  }
  if (query.node !== 'SelectQuery') {
    // PostHog limits each query of a set that has no LIMIT.
    const { sql, columns } = compiler.query(query, undefined, {
      aliased: false,
      defaultLimit: DEFAULT_ROW_LIMIT,
    })
    return { sql, sqlWithProbe: sql, columns, limit: null, offset: 0, records }
  }
  const limit = query.limit === undefined ? DEFAULT_ROW_LIMIT : rowCount(compiler, query.limit)
  const offset = query.offset === undefined ? 0 : rowCount(compiler, query.offset)
  if (limit === undefined || offset === undefined || query.withTies === true || query.limitPercent === true) {
    const { sql, columns } = compiler.query(query, undefined)
    return { sql, sqlWithProbe: sql, columns, limit: null, offset: 0, records }
  }
  const { sql, columns } = compiler.query(query, undefined, { aliased: false, openLimit: true })
  const rows = Math.min(limit, MAX_ROW_LIMIT)
  const limited = withLimit(sql, rows, offset)
  return {
    sql: limited,
    sqlWithProbe: withLimit(sql, rows + 1, offset),
    columns,
    limit: rows,
    offset,
    records,
  }
}

/** SQL of a query below other SQL: without the default limit. It has the records that it reads. */
export function compileSubquery(
  query: Query,
  options: CompileOptions,
): Pick<CompiledQuery, 'sql' | 'records'> {
  const compiler = createCompiler(options, new Map())
  return { sql: compiler.query(query, undefined, { aliased: true }).sql, records: compiler.records }
}

function withLimit(sql: string, limit: number, offset: number): string {
  return `${sql} LIMIT ${limit}${offset > 0 ? ` OFFSET ${offset}` : ''}`
}

function createCompiler(options: CompileOptions, records: Map<string, Table>): Compiler {
  const compiler: Compiler = {
    options,
    records,
    with: (other) => createCompiler(other, records),
    expression: (node, scope) => compileExpression(compiler, node, scope),
    query: (node, parent, form) => compileQuery(compiler, node, parent, form),
  }
  return compiler
}

/** Number of rows of LIMIT or OFFSET. Undefined for an expression. */
function rowCount({ options }: Compiler, node: Expression): number | undefined {
  const value = literalNumber(node, options.placeholder)
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  throw new HogqlError('LIMIT and OFFSET must be integers of at least 0', node)
}

function literalNumber(node: Expression, placeholder: CompileOptions['placeholder']): unknown {
  if (node.node === 'Constant') return node.value
  if (node.node !== 'Placeholder' || node.expr.node !== 'Field') return undefined
  const expansion = placeholder(node.expr.chain, [])
  return expansion?.kind === 'value' ? expansion.value : undefined
}
