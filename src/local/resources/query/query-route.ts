import { randomUUID } from 'node:crypto'
import { HogqlError } from '../../../hogql/hogql-error.ts'
import { findPlaceholders, usesOffset } from '../../../hogql/inspect.ts'
import type { Query } from '../../../hogql/parse/tree.ts'
import { isObject } from '../../../shared/is-object.ts'
import { parseQuery } from '../../hogql/compile.ts'
import { notImplemented, parseError } from '../../http/api-error.ts'
import { jsonResponse, member, writeJson } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { projectSettings } from '../../queries/filter-context.ts'
import { runQuery } from '../../queries/run-query.ts'
import { unwrapQuery } from '../../queries/unwrap-query.ts'
import type { ServerState } from '../../server-state.ts'
import { sessionOnlyRoute } from '../../store/session-routes.ts'
import { prepareExperimentQuery } from '../experiments/experiment-query.ts'
import { insightVariables } from '../variables/insight-variable.ts'
import type { QueryStatus } from './async-queries.ts'
import { type HogqlRun, runHogql } from './run-hogql.ts'
import type { SavedQuery } from './saved-query.ts'

const BODY_KEYS = [
  'query',
  'refresh',
  'async',
  'client_query_id',
  'filters_override',
  'variables_override',
  'name',
  'limit_context',
]
const QUERY_KEYS = [
  'kind',
  'query',
  'values',
  'variables',
  'filters',
  'modifiers',
  'explain',
  'name',
  'tags',
  'connectionId',
  'sendRawQuery',
  'version',
  'response',
]
const REFRESH_MODES = [
  'blocking',
  'async',
  'async_except_on_cache_miss',
  'lazy_async',
  'force_async',
  'force_blocking',
  'force_cache',
]

/** Modes that run an uncached query in the background. The local PostHog has no cache. */
const BACKGROUND_MODES = ['async', 'lazy_async', 'force_async']

/** The query API: all kinds of queries, synchronous or in the background. */
export const queryRoutes: readonly Route[] = [
  sessionOnlyRoute('GET', 'projects/:project/query/:id/log'),
  sessionOnlyRoute('POST', 'projects/:project/query/check_auth_for_async'),
  sessionOnlyRoute('POST', 'projects/:project/query/upgrade'),
  sessionOnlyRoute('GET', 'projects/:project/query/draft_sql'),
  {
    path: 'projects/:project/query',
    throttle: 'queries',
    methods: { POST: { scope: 'query:read', handle: handleQuery } },
  },
  {
    path: 'projects/:project/query/:id',
    throttle: 'queries',
    methods: {
      GET: {
        scope: 'query:read',
        handle: ({ state, params }) => statusResponse(state.queries.get(params['id'] ?? '')),
      },
      DELETE: {
        scope: 'query:read',
        handle: ({ state, params }) =>
          jsonResponse(200, { message: state.queries.cancel(params['id'] ?? '') }),
      },
    },
  },
]

/** Responds 202 while the query runs, 400 for a visible error, 500 for any other error. */
function statusResponse(status: QueryStatus): Response {
  const code = !status.complete ? 202 : !status.error ? 200 : status.error_message === null ? 500 : 400
  return jsonResponse(code, { query_status: status })
}

async function handleQuery(call: Call): Promise<Response> {
  const { state, body } = call
  if (!isObject(body)) throw parseError('Input should be a valid dictionary or instance of QueryRequest')
  const extra = Object.keys(body).find((field) => !BODY_KEYS.includes(field))
  if (extra !== undefined) throw parseError(`${extra}: Extra inputs are not permitted`)
  const { refresh } = body
  if (refresh !== undefined && refresh !== null && !REFRESH_MODES.some((mode) => mode === refresh)) {
    throw parseError(`refresh: Input should be one of ${REFRESH_MODES.join(', ')}`)
  }
  const id = typeof body['client_query_id'] === 'string' ? body['client_query_id'] : randomUUID()
  const run = queryRun(call, body, id)
  if (body['async'] !== true && !BACKGROUND_MODES.some((mode) => mode === refresh))
    return jsonResponse(200, await run())
  return statusResponse(state.queries.start(id, run))
}

type Run = () => Promise<Record<string, unknown>>

function queryRun(call: Call, body: Record<string, unknown>, id: string): Run {
  const query = sourceQuery(body['query'])
  if (query.kind === 'HogQLQuery') return hogqlRun(call, body, query, id)
  if (query.kind === 'ExperimentQuery') return experimentRun(call, query)
  return insightRun(call, body, query, id)
}

/** The run of any other kind of query, with the filters of a dashboard. */
function insightRun({ state }: Call, body: Record<string, unknown>, query: SavedQuery, id: string): Run {
  const override = body['filters_override']
  const filtersOverride = isObject(override) ? override : undefined
  const unsupported = Object.entries(filtersOverride ?? {}).find(
    ([name, value]) => !OVERRIDES.includes(name) && value !== null && value !== undefined,
  )
  if (unsupported !== undefined) throw notImplemented(`\`${unsupported[0]}\` of filters_override`)
  const run = { query, variables: {}, filtersOverride }
  return () =>
    withQueryLog(state, id, `${query.kind} ${writeJson(query)}`, async () => {
      const result = await state.gate.run(() => runQuery(state, run))
      if (query.kind === 'DatabaseSchemaQuery') return result
      return { ...INSIGHT_FIELDS, ...result, ...uncachedFields(state) }
    })
}

/** Filters of a dashboard that replace or extend those of a query. */
const OVERRIDES = ['date_from', 'date_to', 'properties']

const INSIGHT_FIELDS = {
  results: [],
  hasMore: false,
  hogql: null,
  error: null,
  modifiers: null,
  timings: [],
  query_status: null,
  resolved_date_range: null,
}

function experimentRun({ state, project }: Call, source: Record<string, unknown>): Run {
  const run = prepareExperimentQuery(state, project, source)
  return async () => ({ ...(await state.gate.run(run)), ...uncachedFields(state) })
}

function hogqlRun({ state, key }: Call, body: Record<string, unknown>, query: SavedQuery, id: string): Run {
  const source = checkHogqlQuery(query)
  const sql = String(source['query'])
  const parsed = parseQuery(sql)
  if (key.kind === 'personal' && usesOffset(parsed)) {
    const fix = 'Page by timestamp instead: order by it and select rows after the last one.'
    throw new HogqlError(`OFFSET cannot be used with a personal API key. ${fix}`)
  }
  const values = resolvePlaceholders(state, source, body, parsed)
  const filters = body['filters_override'] ?? source['filters']
  const modifiers = isObject(source['modifiers']) ? { modifiers: source['modifiers'] } : {}
  const run = { sql, parsed, values, filters, ...modifiers }
  return () => withQueryLog(state, id, sql, () => runHogqlQuery(state, run))
}

async function withQueryLog(
  state: ServerState,
  id: string,
  sql: string,
  run: () => Promise<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const started = state.now()
  const addEntry = (rows: number, exception: string): void =>
    state.queryLog.add({
      query_id: id,
      event_time: started.toISOString().replace(/\.\d+/, ''),
      query: sql,
      query_duration_ms: Math.max(0, state.now().getTime() - started.getTime()),
      result_rows: rows,
      exception,
    })
  try {
    const result = await run()
    addEntry(Array.isArray(result['results']) ? result['results'].length : 0, '')
    return result
  } catch (error) {
    addEntry(0, error instanceof Error ? error.message : String(error))
    throw error
  }
}

async function runHogqlQuery(state: ServerState, run: HogqlRun): Promise<Record<string, unknown>> {
  const result = await state.gate.run(() => runHogql(state, run))
  const { limit, offset } = result.compiled
  const { sql } = run
  return {
    results: result.rows,
    columns: result.columns,
    types: result.types,
    hasMore: result.hasMore,
    limit,
    offset,
    query: sql,
    hogql: sql,
    clickhouse: result.compiled.sql,
    error: null,
    explain: null,
    metadata: null,
    modifiers: null,
    timings: [],
    query_status: null,
    resolved_date_range: null,
    ...uncachedFields(state),
  }
}

/** Fields of a response that does not come from a cache. */
function uncachedFields(state: ServerState): Record<string, unknown> {
  const now = state.now().toISOString()
  return {
    cache_key: null,
    is_cached: false,
    last_refresh: now,
    next_allowed_client_refresh: now,
    cache_target_age: null,
    calculation_trigger: null,
    timezone: projectSettings(state).timezone,
  }
}

/** The query of a body, without the nodes around it. */
function sourceQuery(value: unknown): SavedQuery {
  if (!isObject(value)) throw parseError('query: Field required')
  if (typeof value['kind'] !== 'string') {
    throw parseError("query: Unable to extract tag using discriminator 'kind'")
  }
  return unwrapQuery(value)
}

function checkHogqlQuery(value: SavedQuery): Record<string, unknown> {
  const extra = Object.keys(value).find((field) => !QUERY_KEYS.includes(field))
  if (extra !== undefined) throw parseError(`query.HogQLQuery.${extra}: Extra inputs are not permitted`)
  if (typeof value['query'] !== 'string')
    throw parseError('query.HogQLQuery.query: Input should be a valid string')
  return value
}

/**
 * Resolves the placeholders: `values` by name, variables as `variables.<code name>`. A variable without a value gets
 * its default.
 */
function resolvePlaceholders(
  state: ServerState,
  source: Record<string, unknown>,
  body: Record<string, unknown>,
  parsed: Query,
): Map<string, unknown> {
  const values = new Map(Object.entries(isObject(source['values']) ? source['values'] : {}))
  for (const variables of [source['variables'], body['variables_override']]) {
    for (const variable of Object.values(isObject(variables) ? variables : {})) {
      const name = member(variable, 'code_name')
      if (typeof name !== 'string') continue
      const known = insightVariables(state).get(String(member(variable, 'variableId')))
      const given = member(variable, 'value')
      const value = member(variable, 'isNull') === true ? null : (given ?? known?.default_value ?? null)
      values.set(`variables.${name}`, value)
    }
  }
  const missing = findPlaceholders(parsed).find((name) => !values.has(name) && !/^filters(?:$|\.)/.test(name))
  if (missing !== undefined) throw new HogqlError(`Unresolved placeholder: {${missing}}`)
  return values
}
