import { readLimitClause } from '../../hogql/limit-clause.ts'
import { parseHogql } from '../../hogql/parse.ts'
import { literalLimit } from '../../hogql/translate.ts'
import { invalid } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import { computeInsight } from '../insights/compute-insight.ts'
import { insightVariables } from '../variables/insight-variable.ts'
import { breakdownsOf } from './breakdowns.ts'
import type { Materialization, VersionRecord } from './endpoint-record.ts'
import { runHogql } from './hogql-run.ts'
import { tablePrefix } from './materialize.ts'
import { cutPage, pageToFetch } from './paging.ts'
import type { RunRequest } from './run-body.ts'
import { placeholderValues } from './variable-rules.ts'

/** Runs a version's query. `results` comes first, then the engine's fields, as in PostHog's answers. */
export async function computeAnswer(
  world: ServerState,
  version: VersionRecord,
  request: RunRequest,
  table: Materialization | null,
): Promise<Record<string, unknown>> {
  const source = table === null ? {} : { tablePrefix: tablePrefix(table) }
  if (version.query.kind !== 'HogQLQuery') {
    const results = await computeInsight(world, {
      query: version.query,
      breakdowns: breakdownsOf(version.query),
      variables: request.variables,
      filtersOverride: request.filtersOverride,
      ...source,
    })
    return { results, hasMore: false, error: null, query_status: null, timings: null, modifiers: null }
  }
  const sql = String(version.query['query'])
  const values = placeholderValues(version.query, request.variables, insightVariables(world))
  const { limit } = request
  if (limit === undefined) {
    const answer = await runHogql(world, { sql, values, ...source })
    const { translated } = answer
    return {
      results: answer.rows,
      ...engineFields(answer, sql),
      hasMore: false,
      limit: translated.limit,
      offset: translated.offset,
    }
  }
  const parsed = parseHogql(sql)
  if (readLimitClause(parsed.tokens).isSet && table === null) {
    throw invalid('limit', 'limit cannot be applied to a UNION query. Wrap it: SELECT * FROM (...)')
  }
  const page = { limit, offset: request.offset ?? 0, ceiling: literalLimit(parsed.tokens) }
  const wanted = pageToFetch(page)
  // Past the saved LIMIT there are no rows; the columns are still told.
  const answer = await runHogql(world, { sql, values, page: wanted ?? { limit: 0, offset: 0 }, ...source })
  const { rows, hasMore } = cutPage(answer.rows, page)
  return { results: rows, ...engineFields(answer, sql), hasMore, limit: page.limit, offset: page.offset }
}

function engineFields(
  answer: {
    readonly columns: readonly string[]
    readonly types: unknown
    readonly translated: { readonly sql: string }
  },
  sql: string,
): Record<string, unknown> {
  return {
    columns: answer.columns,
    types: answer.types,
    query: null,
    error: null,
    metadata: null,
    query_status: null,
    hogql: sql,
    clickhouse: answer.translated.sql,
    timings: [],
    modifiers: null,
    explain: null,
    resolved_date_range: null,
  }
}
