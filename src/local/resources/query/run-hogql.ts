import { columnKind, toWireRows } from '../../engine/result-rows.ts'
import { parseHogql } from '../../hogql/parse.ts'
import { HogqlError } from '../../hogql/tokens.ts'
import { type TranslatedQuery, translate } from '../../hogql/translate.ts'
import { PROPERTY_TYPES } from '../../sample/sample-data.ts'
import type { ServerState } from '../../server-state.ts'
import { findByCodeName, type InsightVariable } from '../variables/insight-variable.ts'
import { queryVariables, type SavedQuery, type SentVariables } from './saved-query.ts'

/** A HogQL query with its values and tables. */
export interface HogqlRun {
  readonly sql: string
  /** Placeholder values by full name, such as `variables.country` and `since`. */
  readonly values: ReadonlyMap<string, unknown>
  readonly page?: { readonly limit: number; readonly offset: number }
  /** Prefix of the table names. Selects the table snapshots of a materialized version. */
  readonly tablePrefix?: string
}

/** The result of a HogQL query in PostHog's form. */
export interface HogqlResult {
  readonly columns: readonly string[]
  readonly types: readonly (readonly [name: string, type: string])[]
  readonly rows: unknown[][]
  readonly translated: TranslatedQuery
  /** Whether more rows follow. */
  readonly hasMore: boolean
}

/** Runs HogQL with bound values. Throws HogqlError or EngineError. */
export async function runHogql(state: ServerState, run: HogqlRun): Promise<HogqlResult> {
  const translated = translate(parseHogql(run.sql), {
    tableName: (table) => `${state.engine.database}.${run.tablePrefix ?? ''}${table}`,
    valueOf: (placeholder) => {
      if (run.values.has(placeholder)) return run.values.get(placeholder)
      throw new HogqlError(`Unresolved placeholder: {${placeholder}}`)
    },
    propertyTypes: PROPERTY_TYPES,
    ...(run.page === undefined ? {} : { page: run.page }),
  })
  // One extra row shows whether more rows follow. A page adds its own extra row.
  const hasProbe = run.page === undefined && translated.limit !== null
  const result = await state.engine.query(
    hasProbe ? translated.sqlWithProbe : translated.sql,
    translated.parameters,
  )
  const hasMore = hasProbe && result.rows.length > (translated.limit ?? 0)
  const rows = hasMore ? result.rows.slice(0, translated.limit ?? 0) : result.rows
  return {
    columns: result.columns.map((column) => column.name),
    types: result.columns.map((column) => [column.name, column.type] as const),
    rows: toWireRows({ columns: result.columns, rows }, run.tablePrefix !== undefined),
    translated,
    hasMore,
  }
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
