import type { QueryParameters } from '../engine/sql-values.ts'
import { compileSubquery, parseQuery } from '../hogql/compile.ts'
import { recordParameters } from '../resources/query/run-hogql.ts'
import type { ServerState } from '../server-state.ts'
import { readCompileOptions } from './compile-options.ts'
import { readFilterContext } from './filter-context.ts'
import { allOf } from './hogql-values.ts'
import { propertyHogql } from './property-hogql.ts'

/**
 * SQL condition on the engine's table of events: they match property filters. Adds the parameters that it reads.
 *
 * @throws ApiError 501 for a type or an operator that the local PostHog does not compute.
 */
export async function eventCondition(
  state: ServerState,
  filters: unknown,
  parameters: QueryParameters,
): Promise<string> {
  const context = await readFilterContext(state, filters)
  const condition = propertyHogql(filters, context)
  if (condition === allOf([])) return '1'
  const text = `SELECT uuid FROM events WHERE ${condition}`
  const options = await readCompileOptions(state, { text, values: context.values.values })
  const compiled = compileSubquery(parseQuery(text), options)
  Object.assign(parameters.values, await recordParameters(state, compiled))
  return `uuid IN (${compiled.sql})`
}
