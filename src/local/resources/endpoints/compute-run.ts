import { literalLimit } from '../../../hogql/inspect.ts'
import { parseQuery } from '../../hogql/compile.ts'
import { invalid, notImplemented } from '../../http/api-error.ts'
import { rowWindow, trimRows } from '../../http/page.ts'
import { runQuery } from '../../queries/run-query.ts'
import { unwrapQuery } from '../../queries/unwrap-query.ts'
import type { ServerState } from '../../server-state.ts'
import { placeholderValues, runHogql } from '../query/run-hogql.ts'
import { breakdownsOf } from '../query/saved-query.ts'
import { insightVariables } from '../variables/insight-variable.ts'
import type { Materialization, VersionRecord } from './endpoint-store.ts'
import { tablePrefix } from './materialization.ts'
import { bucketedSql } from './range-buckets.ts'
import { overrideValue, type RunRequest } from './run-request.ts'

/** Runs the query of a version. As in PostHog's responses, `results` comes first. */
export async function computeRun(
  state: ServerState,
  version: VersionRecord,
  request: RunRequest,
  table: Materialization | null,
): Promise<Record<string, unknown>> {
  const source = table === null ? {} : { tablePrefix: tablePrefix(table) }
  if (version.query.kind !== 'HogQLQuery') {
    const result = await runQuery(state, {
      query: unwrapQuery(version.query),
      ...(table === null ? request : withOverride(version, request)),
      ...source,
    })
    return { hasMore: false, ...result, error: null, query_status: null, timings: null, modifiers: null }
  }
  const saved = String(version.query['query'])
  const sql = table === null ? saved : bucketedSql(saved, version.bucketOverrides)
  const values = placeholderValues(version.query, request.variables, insightVariables(state))
  const { limit } = request
  if (limit === undefined) {
    const result = await runHogql(state, { sql, values, ...source })
    const { compiled } = result
    return {
      results: result.rows,
      ...resultFields(result, sql),
      hasMore: false,
      limit: compiled.limit,
      offset: compiled.offset,
    }
  }
  const parsed = parseQuery(sql)
  if (parsed.node === 'SelectSetQuery' && table === null) {
    throw invalid('limit', 'limit cannot be applied to a UNION query. Wrap it: SELECT * FROM (...)')
  }
  const page = { limit, offset: request.offset ?? 0, maxRows: literalLimit(parsed) }
  const window = rowWindow(page)
  // Beyond the saved LIMIT there are no rows, but the response still has the columns.
  const rowPage = window ?? { limit: 0, offset: 0 }
  const result = await runHogql(state, { sql, parsed, values, page: rowPage, ...source })
  const { rows, hasMore } = trimRows(result.rows, page)
  return { results: rows, ...resultFields(result, sql), hasMore, limit: page.limit, offset: page.offset }
}

/**
 * The variables of a read from a materialized table. `filters_override` replaces them all: its first value becomes that of
 * the breakdown, and its dates have no effect.
 */
function withOverride(
  version: VersionRecord,
  { variables, filtersOverride }: RunRequest,
): Pick<RunRequest, 'variables' | 'filtersOverride'> {
  if (filtersOverride === undefined) return { variables, filtersOverride }
  const value = overrideValue(version, filtersOverride)
  if (value === undefined) return { variables: {}, filtersOverride: undefined }
  const [breakdown, ...others] = breakdownsOf(version.query)
  if (breakdown === undefined || others.length > 0) {
    throw notImplemented('filters_override of a materialized insight without exactly one breakdown')
  }
  return { variables: { [breakdown.property]: value }, filtersOverride: undefined }
}

function resultFields(
  result: {
    readonly columns: readonly string[]
    readonly types: unknown
    readonly compiled: { readonly sql: string }
  },
  sql: string,
): Record<string, unknown> {
  return {
    columns: result.columns,
    types: result.types,
    query: null,
    error: null,
    metadata: null,
    query_status: null,
    hogql: sql,
    clickhouse: result.compiled.sql,
    timings: [],
    modifiers: null,
    explain: null,
    resolved_date_range: null,
  }
}
