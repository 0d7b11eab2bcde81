import type { Query } from '../../../hogql/parse/tree.ts'
import { columnKind, toWireRows } from '../../engine/result-rows.ts'
import { recordsParameter } from '../../hogql/compile/table-sql.ts'
import { type CompiledQuery, compileHogql, parseQuery, type RowPage } from '../../hogql/compile.ts'
import { type QueryReferences, readCompileOptions } from '../../queries/compile-options.ts'
import { readRecords } from '../../queries/record-tables.ts'
import type { ServerState } from '../../server-state.ts'
import { findByCodeName, type InsightVariable } from '../variables/insight-variable.ts'
import { queryVariables, type SavedQuery, type SentVariables } from './saved-query.ts'

/** A HogQL query with its values and tables. */
export interface HogqlRun extends Omit<QueryReferences, 'text'> {
  readonly sql: string
  /** The tree of `sql`, when it is known. */
  readonly parsed?: Query
  readonly page?: RowPage
}

/** The result of a HogQL query in PostHog's form. */
export interface HogqlResult {
  readonly columns: readonly string[]
  readonly types: readonly (readonly [name: string, type: string])[]
  readonly rows: unknown[][]
  readonly compiled: CompiledQuery
  /** Whether more rows follow. */
  readonly hasMore: boolean
}

/** Runs HogQL with bound values. Throws HogqlError or EngineError. */
export async function runHogql(state: ServerState, run: HogqlRun): Promise<HogqlResult> {
  const { sql: text, parsed: query = parseQuery(text), page, ...references } = run
  const compiled = compileHogql(query, await readCompileOptions(state, { text, ...references }), page)
  const parameters = await recordParameters(state, compiled)
  const result = await state.engine.query(compiled.sqlWithProbe, parameters)
  // One extra row shows whether more rows follow. A page adds its own extra row.
  const hasMore = compiled.sqlWithProbe !== compiled.sql && result.rows.length > (compiled.limit ?? 0)
  const rows = hasMore ? result.rows.slice(0, compiled.limit ?? 0) : result.rows
  const columns = compiled.columns.map(({ name }) => name)
  return {
    columns,
    types: result.columns.map(({ type }, index) => [columns[index] ?? '', type] as const),
    rows: toWireRows({ columns: result.columns, rows }, run.tablePrefix !== undefined),
    compiled,
    hasMore,
  }
}

/** The records that a query reads, as parameters. */
export async function recordParameters(
  state: ServerState,
  { records }: Pick<CompiledQuery, 'records'>,
): Promise<Record<string, string>> {
  const pairs = [...records.keys()].map(async (name): Promise<[string, string]> => {
    const rows = await readRecords(state, state.projectId, name)
    return [recordsParameter(name), JSON.stringify(rows)]
  })
  return Object.fromEntries(await Promise.all(pairs))
}

/** Returns the columns of a query with their types, without reading rows. */
export async function describeHogql(
  state: ServerState,
  sql: string,
  values: ReadonlyMap<string, unknown>,
): Promise<{ name: string; type: string }[]> {
  const { types } = await runHogql(state, { sql, values, page: { limit: 0, offset: 0 } })
  return types.map(([name, type]) => ({ name, type: columnKind(type) }))
}

/**
 * Resolves the placeholders of a HogQL query: the sent value, or the value saved in the query, or the project's
 * default, or null. Does not convert values.
 */
export function placeholderValues(
  query: SavedQuery,
  sent: SentVariables,
  project: ReadonlyMap<string, InsightVariable>,
): Map<string, unknown> {
  const values = new Map<string, unknown>(Object.entries(query['values'] ?? {}))
  for (const variable of queryVariables(query)) {
    const name = variable.code_name
    const saved = variable.isNull === true ? null : variable.value
    const fallback = variable.isNull === true ? null : findByCodeName(project, name)?.default_value
    values.set(`variables.${name}`, Object.hasOwn(sent, name) ? sent[name] : (saved ?? fallback ?? null))
  }
  return values
}
