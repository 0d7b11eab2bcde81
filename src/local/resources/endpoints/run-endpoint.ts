import { EngineError } from '../../engine/sql-engine.ts'
import { HogqlError } from '../../hogql/hogql-error.ts'
import { ApiError, endpointRunError, envelope, invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse, stableJson } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { computeRun } from './compute-run.ts'
import { type CachedResult, type EndpointRecord, type VersionRecord, versionToRun } from './endpoint-store.ts'
import { errorLabel, executionMessage, logExecution, rejectionMessage } from './execution-log.ts'
import { checkVariables, type RunRequest, readRunRequest } from './run-request.ts'

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

// Engine fields that appear only with `debug`.
const DEBUG_FIELDS = [
  'hogql',
  'timings',
  'modifiers',
  'explain',
  'resolved_date_range',
  'cache_key',
  'calculation_trigger',
]

/** Runs an endpoint: validates in PostHog's order, then returns the cached result or a new one. */
export async function runEndpoint({ state, params, body, url }: Call): Promise<Response> {
  const endpoint = state.endpoints.get(params['name'] ?? '')
  if (!endpoint.isActive) throw notFound()
  const { request, version } = readRun(state, endpoint, body, url)
  const executionId = crypto.randomUUID()
  const startedAt = performance.now()
  try {
    const { result, isCached, fromTable } = await getResult(state, endpoint, version, request)
    markExecuted(endpoint, version, state.now())
    const { results } = result.fields
    const message = executionMessage({
      path: fromTable ? 'materialized' : 'inline',
      cache: isCached ? 'hit' : 'miss',
      duration_ms: Math.round(performance.now() - startedAt),
      rows: Array.isArray(results) ? results.length : undefined,
      version: version.version,
    })
    logExecution(state, endpoint, { instance_id: executionId, level: 'INFO', message })
    return jsonResponse(
      200,
      runView({ endpoint, version, result, isCached, fromTable, executionId, debug: request.debug }),
      request.filtersOverride === undefined ? {} : FILTERS_OVERRIDE_WARNING,
    )
  } catch (error) {
    const apiError = toRunError(error)
    if (apiError.status !== 429) {
      const message = executionMessage({
        path: 'inline',
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
  readonly fromTable: boolean
}

async function getResult(
  state: ServerState,
  endpoint: EndpointRecord,
  version: VersionRecord,
  request: RunRequest,
): Promise<RunResult> {
  const now = state.now().getTime()
  const maxAge = version.freshnessSeconds * 1_000
  const table = version.materialization
  const fromTable = table !== null && request.refresh !== 'direct' && now - table.builtAt.getTime() < maxAge
  const { variables, limit, offset, filtersOverride } = request
  const cacheKey = stableJson([
    endpoint.id,
    version.version,
    fromTable,
    variables,
    limit,
    offset,
    filtersOverride ?? null,
  ])
  const cached = state.endpoints.cache.get(cacheKey)
  const isFresh = cached !== undefined && now - cached.storedAt.getTime() < maxAge
  const isOfThisTable =
    cached?.materializedAt?.getTime() === (fromTable ? table.builtAt.getTime() : undefined)
  if (request.refresh === 'cache' && cached !== undefined && isFresh && isOfThisTable) {
    return { result: cached, isCached: true, fromTable }
  }
  const gate = fromTable ? state.tableGate : state.gate
  const fields = await gate.run(() => computeRun(state, version, request, fromTable ? table : null))
  const result: CachedResult = {
    fields: { ...fields, cache_key: `cache_${cacheKey.length}_${version.id}`, calculation_trigger: null },
    storedAt: state.now(),
    materializedAt: fromTable ? table.builtAt : null,
  }
  if (request.refresh !== 'direct') cacheResult(state.endpoints.cache, cacheKey, result)
  return { result, isCached: false, fromTable }
}

/** Caches a result and evicts the oldest one when the cache is full. */
function cacheResult(cache: Map<string, CachedResult>, key: string, result: CachedResult): void {
  cache.delete(key)
  cache.set(key, result)
  const [oldest] = cache.keys()
  if (cache.size > MAX_CACHED_RESULTS && oldest !== undefined) cache.delete(oldest)
}

interface RunView extends RunResult {
  readonly endpoint: EndpointRecord
  readonly version: VersionRecord
  readonly executionId: string
  readonly debug: boolean
}

function runView({
  endpoint,
  version,
  result,
  isCached,
  fromTable,
  executionId,
  debug,
}: RunView): Record<string, unknown> {
  const until = new Date(result.storedAt.getTime() + version.freshnessSeconds * 1_000).toISOString()
  const fields = Object.entries(result.fields).filter(([name]) => debug || !DEBUG_FIELDS.includes(name))
  return {
    ...Object.fromEntries(fields),
    is_cached: isCached,
    last_refresh: result.storedAt.toISOString(),
    cache_target_age: until,
    next_allowed_client_refresh: result.storedAt.toISOString(),
    timezone: 'UTC',
    name: endpoint.name,
    execution_id: executionId,
    endpoint_version: version.version,
    endpoint_version_created_at: version.createdAt.toISOString().replace('Z', '000+00:00'),
    ...(fromTable
      ? {
          endpoint_materialized: true,
          endpoint_materialized_at: result.materializedAt?.toISOString() ?? null,
        }
      : {}),
  }
}

function toRunError(error: unknown): ApiError {
  if (error instanceof ApiError) return error.status === 429 ? tooManyRuns() : error
  if (error instanceof HogqlError) return invalid(null, error.message)
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
