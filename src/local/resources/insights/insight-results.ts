import { randomUUID } from 'node:crypto'
import { invalid } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import { breakdownsOf } from '../endpoints/breakdowns.ts'
import type { SavedQuery } from '../endpoints/endpoint-record.ts'
import { runHogql } from '../endpoints/hogql-run.ts'
import { placeholderValues } from '../endpoints/variable-rules.ts'
import type { QueryStatus } from '../query/async-queries.ts'
import { insightVariables } from '../variables/insight-variable.ts'
import { computeInsight } from './compute-insight.ts'
import type { InsightResult } from './insight-result.ts'

/** What is known of an insight's result after a request for it. */
export interface ResultState {
  readonly found: InsightResult | undefined
  readonly is_cached: boolean
  /** Of the computation that goes on in the background, if there is one. */
  readonly query_status: QueryStatus | null
}

/** How long a result counts as fresh, in milliseconds: PostHog's shortest pause between refreshes. */
export const FRESH_MS: number = 15 * 60 * 1_000

const WRAPPERS = ['InsightVizNode', 'DataTableNode', 'DataVisualizationNode']
const ALWAYS = ['force_blocking', 'force_async', 'true', '1']
const IN_BACKGROUND = ['async', 'force_async', 'lazy_async', 'async_except_on_cache_miss']
const COMPUTING = [...ALWAYS, ...IN_BACKGROUND, 'blocking']

/** The result of an insight. What `refresh` says decides whether it is computed now, later or not at all. */
export async function insightResult(
  world: ServerState,
  id: number,
  query: unknown,
  refresh: string | null,
): Promise<ResultState> {
  const known = world.insightResults.get(id)
  const mode = refresh ?? 'force_cache'
  const isFresh =
    known !== undefined && world.now().getTime() - new Date(known.last_refresh).getTime() < FRESH_MS
  if (!COMPUTING.includes(mode) || (isFresh && !ALWAYS.includes(mode))) {
    return { found: known, is_cached: known !== undefined, query_status: null }
  }
  const run = async (): Promise<InsightResult> => {
    const found = await world.gate.run(() => computeQuery(world, query))
    world.insightResults.set(id, found)
    return found
  }
  const later = IN_BACKGROUND.includes(mode) && (known !== undefined || mode !== 'async_except_on_cache_miss')
  if (!later) return { found: await run(), is_cached: false, query_status: null }
  const query_status = world.queries.start(randomUUID(), run)
  return { found: known, is_cached: known !== undefined, query_status }
}

/** Computes a query as it stands in an insight. */
export async function computeQuery(world: ServerState, saved: unknown): Promise<InsightResult> {
  const query = sourceOf(saved)
  const last_refresh = world.now().toISOString()
  if (query.kind !== 'HogQLQuery') {
    const run = { query, breakdowns: breakdownsOf(query), variables: {}, filtersOverride: undefined }
    const result = await computeInsight(world, run)
    return { result, columns: null, types: null, hasMore: false, hogql: null, last_refresh }
  }
  const sql = String(query['query'])
  const values = placeholderValues(query, {}, insightVariables(world))
  const { rows, columns, types, hasMore } = await runHogql(world, { sql, values })
  return { result: rows, columns, types, hasMore, hogql: sql, last_refresh }
}

/** The query inside the nodes that say how it is drawn. */
function sourceOf(query: unknown): SavedQuery {
  if (!isObject(query) || typeof query['kind'] !== 'string')
    throw invalid('query', 'The insight has no query')
  if (WRAPPERS.includes(query['kind'])) return sourceOf(query['source'])
  return { ...query, kind: query['kind'] }
}
