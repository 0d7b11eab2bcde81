import { randomUUID } from 'node:crypto'
import { runQuery } from '../../queries/run-query.ts'
import { unwrapQuery } from '../../queries/unwrap-query.ts'
import type { ServerState } from '../../server-state.ts'
import type { QueryStatus } from '../query/async-queries.ts'
import { placeholderValues, runHogql } from '../query/run-hogql.ts'
import { insightVariables } from '../variables/insight-variable.ts'
import { freshUntil, type InsightResult } from './insight-result.ts'

/** The response to a request for an insight's result. */
export interface ResultState {
  readonly result: InsightResult | undefined
  readonly is_cached: boolean
  /** Status of the background computation, if any. */
  readonly query_status: QueryStatus | null
}

const FORCED_MODES = ['force_blocking', 'force_async', 'true', '1']
const BACKGROUND_MODES = ['async', 'force_async', 'lazy_async', 'async_except_on_cache_miss']
const COMPUTING_MODES = [...FORCED_MODES, ...BACKGROUND_MODES, 'blocking']

/** Gets the result of an insight. `refresh` decides whether it is computed now, in the background or not at all. */
export async function insightResult(
  state: ServerState,
  id: number,
  query: unknown,
  refresh: string | null,
): Promise<ResultState> {
  const cached = state.insightResults.get(id)
  const is_cached = cached !== undefined
  if (query === null) return { result: undefined, is_cached: false, query_status: null }
  const mode = refresh ?? 'force_cache'
  const isFresh = is_cached && state.now() < freshUntil(cached)
  if (!COMPUTING_MODES.includes(mode) || (isFresh && !FORCED_MODES.includes(mode))) {
    return { result: cached, is_cached, query_status: null }
  }
  const run = async (): Promise<InsightResult> => {
    const result = await state.gate.run(() => computeQuery(state, query))
    state.insightResults.set(id, result)
    return result
  }
  const inBackground = BACKGROUND_MODES.includes(mode) && (is_cached || mode !== 'async_except_on_cache_miss')
  if (!inBackground) return { result: await run(), is_cached: false, query_status: null }
  const query_status = state.queries.start(randomUUID(), run)
  return { result: cached, is_cached, query_status }
}

/** Computes the query of a saved insight. */
export async function computeQuery(state: ServerState, saved: unknown): Promise<InsightResult> {
  const query = unwrapQuery(saved)
  const last_refresh = state.now().toISOString()
  if (query.kind !== 'HogQLQuery') {
    const { results, ...result } = await runQuery(state, { query, variables: {}, filtersOverride: undefined })
    const { columns = null, types = null, hasMore = false, hogql = null } = result
    return { result: results, columns, types, hasMore, hogql, last_refresh }
  }
  const sql = String(query['query'])
  const values = placeholderValues(query, {}, insightVariables(state))
  const { rows, columns, types, hasMore } = await runHogql(state, { sql, values })
  return { result: rows, columns, types, hasMore, hogql: sql, last_refresh }
}
