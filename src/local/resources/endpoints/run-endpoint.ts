import { HogqlError } from '../../../hogql/hogql-error.ts'
import { parseHogqlExpression } from '../../../hogql/parse/parse.ts'
import { EngineError } from '../../engine/sql-engine.ts'
import { ApiError, endpointRunError, envelope, hogqlError, invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse, stableJson } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { breakdownsOf } from '../query/saved-query.ts'
import { computeRun } from './compute-run.ts'
import {
  type CachedResult,
  type EndpointRecord,
  type Materialization,
  type VersionRecord,
  versionToRun,
} from './endpoint-store.ts'
import {
  type ExecutionPath,
  errorLabel,
  executionMessage,
  logExecution,
  rejectionMessage,
} from './execution-log.ts'
import { isStale, refreshTable } from './materialization.ts'
import { checkVariables, type RunRequest, readRunRequest } from './run-request.ts'
import { runView } from './run-view.ts'

// Minimum time between changes of `last_executed_at`.
const EXECUTED_STEP_MS = 30 * 60_000

// Keeps the memory of a long-running server constant.
const MAX_CACHED_RESULTS = 500

/**
 * The header of every response to a run with `filters_override`.
 *
 * @see PostHog/posthog products/endpoints/backend/logic/strategies.py
 */
const FILTERS_OVERRIDE_WARNING = {
  'X-PostHog-Warn':
    'filters_override is deprecated. Use variables instead: https://posthog.com/docs/api/endpoints',
}

/** Runs an endpoint: validates in PostHog's order, then returns the cached result or a new one. */
export async function runEndpoint({ state, params, body, url }: Call): Promise<Response> {
  const endpoint = state.endpoints.get(params['name'] ?? '')
  if (!endpoint.isActive) throw notFound()
  const { request, version } = readRun(state, endpoint, body, url)
  const executionId = crypto.randomUUID()
  const startedAt = performance.now()
  const run: RunState = { path: 'inline' }
  try {
    const { result, isCached } = await getResult(state, endpoint, version, request, run)
    markExecuted(endpoint, version, state.now())
    const { results } = result.fields
    const message = executionMessage({
      path: run.path,
      cache: isCached ? 'hit' : 'miss',
      duration_ms: Math.round(performance.now() - startedAt),
      rows: Array.isArray(results) ? results.length : undefined,
      version: version.version,
    })
    logExecution(state, endpoint, { instance_id: executionId, level: 'INFO', message })
    const fromTable = run.path === 'materialized'
    await refreshTable(state, version)
    return jsonResponse(
      200,
      runView({ endpoint, version, result, isCached, fromTable, executionId, debug: request.debug }),
      request.filtersOverride === undefined ? {} : FILTERS_OVERRIDE_WARNING,
    )
  } catch (error) {
    const apiError = toRunError(error)
    if (apiError.status !== 429) {
      const message = executionMessage({
        path: run.path,
        version: version.version,
        error: errorLabel(error),
      })
      logExecution(state, endpoint, { instance_id: executionId, level: 'ERROR', message })
    }
    throw apiError
  }
}

/** Reads and validates a run. A rejection is logged with an id that the caller never sees. */
function readRun(
  state: ServerState,
  endpoint: EndpointRecord,
  body: unknown,
  url: URL,
): { readonly request: RunRequest; readonly version: VersionRecord } {
  try {
    const request = readRunRequest(body, url.searchParams)
    const version = versionToRun(endpoint, request.version)
    checkRun(version, request)
    return { request, version }
  } catch (error) {
    if (error instanceof ApiError) {
      const message = rejectionMessage(error)
      logExecution(state, endpoint, { instance_id: crypto.randomUUID(), level: 'ERROR', message })
    }
    throw error
  }
}

/** Rejects options that the version or its kind of query does not support. */
function checkRun(version: VersionRecord, request: RunRequest): void {
  const isHogql = version.query.kind === 'HogQLQuery'
  if (!version.isActive) throw invalid(null, `Version ${version.version} is inactive and cannot be executed.`)
  if (isHogql && request.filtersOverride !== undefined) {
    throw invalid('filters_override', 'filters_override is not supported for HogQL endpoints; use variables')
  }
  if (!isHogql && request.offset !== undefined) {
    throw invalid('offset', 'offset is only supported for HogQL endpoints')
  }
  if (request.refresh === 'direct' && version.materialization === null) {
    throw invalid('refresh', "'direct' is only for materialized endpoints")
  }
  checkVariables(version, request)
  if (!isHogql && request.limit !== undefined && version.materialization === null) {
    throw invalid('limit', 'limit is only supported for HogQL endpoints')
  }
}

interface RunResult {
  readonly result: CachedResult
  readonly isCached: boolean
}

/** What the log and the response say about the way that a run took. */
interface RunState {
  path: ExecutionPath
}

async function getResult(
  state: ServerState,
  endpoint: EndpointRecord,
  version: VersionRecord,
  request: RunRequest,
  run: RunState,
): Promise<RunResult> {
  const now = state.now()
  const built = version.materialization
  const table = built === null || request.refresh === 'direct' || isStale(version, built, now) ? null : built
  run.path = table === null ? 'inline' : 'materialized'
  const { variables, limit, offset, filtersOverride } = request
  const cacheKey = stableJson([
    endpoint.id,
    version.version,
    table !== null,
    variables,
    limit,
    offset,
    filtersOverride ?? null,
  ])
  const cached = state.endpoints.cache.get(cacheKey)
  const isFresh =
    cached !== undefined && now.getTime() - cached.storedAt.getTime() < version.freshnessSeconds * 1_000
  const isOfThisTable = cached?.materializedAt?.getTime() === table?.builtAt.getTime()
  if (request.refresh === 'cache' && cached !== undefined && isFresh && isOfThisTable) {
    return { result: cached, isCached: true }
  }
  const fields = await compute(state, version, request, table, run)
  const result: CachedResult = {
    fields: { ...fields, cache_key: `cache_${cacheKey.length}_${version.id}`, calculation_trigger: null },
    storedAt: state.now(),
    materializedAt: run.path === 'materialized' && table !== null ? table.builtAt : null,
  }
  if (request.refresh !== 'direct') cacheResult(state.endpoints.cache, cacheKey, result)
  return { result, isCached: false }
}

/** Reads the table. If that fails for any reason but the concurrency limit, runs the original query. */
async function compute(
  state: ServerState,
  version: VersionRecord,
  request: RunRequest,
  table: Materialization | null,
  run: RunState,
): Promise<Record<string, unknown>> {
  if (table !== null) {
    try {
      return await state.tableGate.run(() => computeRun(state, version, request, table))
    } catch (error) {
      if (error instanceof ApiError && (error.status === 429 || error.status === 501)) throw error
      run.path = 'materialized_fallback'
    }
  }
  checkBreakdowns(version, request)
  return state.gate.run(() => computeRun(state, version, request, null))
}

/**
 * Rejects variables of breakdowns whose expression cannot be parsed: an unfiltered result would leak the other rows.
 *
 * @throws ApiError 400 on `variables`
 */
function checkBreakdowns({ query }: VersionRecord, { variables }: RunRequest): void {
  for (const { property, type } of breakdownsOf(query)) {
    if (type !== 'hogql' || !Object.hasOwn(variables, property)) continue
    try {
      parseHogqlExpression(property)
    } catch (error) {
      if (!(error instanceof HogqlError)) throw error
      throw invalid('variables', `Could not apply filter for breakdown variable '${property}'`)
    }
  }
}

/** Caches a result and evicts the oldest one when the cache is full. */
function cacheResult(cache: Map<string, CachedResult>, key: string, result: CachedResult): void {
  cache.delete(key)
  cache.set(key, result)
  const [oldest] = cache.keys()
  if (cache.size > MAX_CACHED_RESULTS && oldest !== undefined) cache.delete(oldest)
}

function toRunError(error: unknown): ApiError {
  if (error instanceof ApiError) return error.status === 429 ? tooManyRuns() : error
  if (error instanceof HogqlError) return hogqlError(error)
  if (error instanceof EngineError) return endpointRunError(error)
  throw error
}

/** 429 of the concurrency limit of endpoint runs, without `Retry-After`. */
function tooManyRuns(): ApiError {
  return envelope(
    429,
    'throttled_error',
    'throttled',
    'Too many concurrent requests. Please try again later.',
  )
}

function markExecuted(endpoint: EndpointRecord, version: VersionRecord, now: Date): void {
  for (const record of [endpoint, version]) {
    const last = record.lastExecutedAt
    if (last === null || now.getTime() - last.getTime() >= EXECUTED_STEP_MS) record.lastExecutedAt = now
  }
}
