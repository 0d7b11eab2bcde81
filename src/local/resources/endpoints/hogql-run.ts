import { wireRows } from '../../engine/cells.ts'
import { columnKind } from '../../engine/column-type.ts'
import { HogqlError } from '../../hogql/hogql-error.ts'
import { parseHogql } from '../../hogql/parse.ts'
import { type TranslatedQuery, translate } from '../../hogql/translate.ts'
import { PROPERTY_TYPES } from '../../sample/sample-data.ts'
import type { ServerState } from '../../server-state.ts'

/** What to run, and on which tables. */
export interface HogqlRun {
  readonly sql: string
  /** Values of the placeholders, by full name: `variables.country`, `since`. */
  readonly values: ReadonlyMap<string, unknown>
  readonly page?: { readonly limit: number; readonly offset: number }
  /** Name before a table's own name: the frozen tables of a materialised version. */
  readonly tablePrefix?: string
}

/** An answer of the engine in PostHog's form. */
export interface HogqlAnswer {
  readonly columns: readonly string[]
  readonly types: readonly (readonly [name: string, type: string])[]
  readonly rows: unknown[][]
  readonly translated: TranslatedQuery
  /** Whether rows are left after these. */
  readonly hasMore: boolean
}

/** Runs HogQL with its values bound. Throws HogqlError or EngineError. */
export async function runHogql(world: ServerState, run: HogqlRun): Promise<HogqlAnswer> {
  const translated = translate(parseHogql(run.sql), {
    tableName: (table) => `${world.engine.database}.${run.tablePrefix ?? ''}${table}`,
    valueOf: (placeholder) => {
      if (run.values.has(placeholder)) return run.values.get(placeholder)
      throw new HogqlError(`Unresolved placeholder: {${placeholder}}`)
    },
    propertyTypes: PROPERTY_TYPES,
    ...(run.page === undefined ? {} : { page: run.page }),
  })
  // One row more than the limit tells whether there are more; it is cut off below. A page asks for its own.
  const probe = run.page === undefined && translated.limit !== null
  const result = await world.engine.query(
    probe ? translated.sqlWithProbe : translated.sql,
    translated.parameters,
  )
  const hasMore = probe && result.rows.length > (translated.limit ?? 0)
  const rows = hasMore ? result.rows.slice(0, translated.limit ?? 0) : result.rows
  return {
    columns: result.columns.map((column) => column.name),
    types: result.columns.map((column) => [column.name, column.type] as const),
    rows: wireRows({ columns: result.columns, rows }, run.tablePrefix !== undefined),
    translated,
    hasMore,
  }
}

/** The columns of a query and PostHog's word for each type, without reading rows. */
export async function describeHogql(
  world: ServerState,
  sql: string,
  values: ReadonlyMap<string, unknown>,
): Promise<{ name: string; type: string }[]> {
  const { types } = await runHogql(world, { sql, values, page: { limit: 0, offset: 0 } })
  return types.map(([name, type]) => ({ name, type: columnKind(type) }))
}
