import { EngineError } from '../../engine/sql-engine.ts'
import { HogqlError } from '../../hogql/tokens.ts'
import { ApiError, endpointRunError, invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse, stableJson } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { computeRun } from './compute-run.ts'
import { type CachedResult, type EndpointRecord, type VersionRecord, versionToRun } from './endpoint-store.ts'
import { checkVariables, type RunRequest, readRunRequest } from './run-request.ts'

// Minimum time between changes of `last_executed_at`.
const EXECUTED_STEP_MS = 30 * 60_000

// These limits keep the memory of a long-running server constant.
const MAX_CACHED_RESULTS = 500
const MAX_LOG_LINES = 10_000

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
  const executionId = crypto.randomUUID()
  const startedAt = performance.now()
  let version: VersionRecord | undefined
  try {
    const request = readRunRequest(body, url.searchParams)
    version = versionToRun(endpoint, request.version)
    checkRun(version, request)
    const { result, isCached, fromTable } = await getResult(state, endpoint, version, request)
    markExecuted(endpoint, version, state.now())
    const rows = Array.isArray(result.fields['results']) ? result.fields['results'].length : 0
    const duration = Math.round(performance.now() - startedAt)
    const path = fromTable ? 'materialized' : 'inline'
    const line = `path=${path} cache=${isCached ? 'hit' : 'miss'} duration_ms=${duration} rows=${rows} version=${version.version}`
    log(state, endpoint, executionId, 'INFO', line)
    return jsonResponse(
      200,
      runView({ endpoint, version, result, isCached, fromTable, executionId, debug: request.debug }),
    )
  } catch (error) {
    const apiError = toRunError(error)
    const detail = String(apiError.body['detail'] ?? apiError.body['error'])
    if (apiError.status !== 429) {
      log(
        state,
        endpoint,
        executionId,
        'ERROR',
        `path=inline error=${detail} version=${version?.version ?? 'none'}`,
      )
    }
    throw apiError
  }
}

/** Rejects options that the version or its kind of query does not support. */
function checkRun(version: VersionRecord, request: RunRequest): void {
  const isHogql = version.query.kind === 'HogQLQuery'
  if (!version.isActive) throw invalid(null, `Version ${version.version} is inactive`)
  if (isHogql && request.filtersOverride !== undefined) {
    throw invalid('filters_override', 'filters_override is not supported for HogQL endpoints; use variables')
  }
  if (!isHogql && request.offset !== undefined) {
    throw invalid('offset', 'offset is only supported for HogQL endpoints')
  }
  if (request.refresh === 'direct' && version.materialization === null) {
    throw invalid('refresh', "'direct' is only for materialized endpoints")
  }
  checkVariables(version, request.variables)
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
  if (error instanceof ApiError) return error
  if (error instanceof HogqlError) return invalid(null, error.message)
  if (error instanceof EngineError) return endpointRunError(error)
  throw error
}

function markExecuted(endpoint: EndpointRecord, version: VersionRecord, now: Date): void {
  for (const record of [endpoint, version]) {
    const last = record.lastExecutedAt
    if (last === null || now.getTime() - last.getTime() >= EXECUTED_STEP_MS) record.lastExecutedAt = now
  }
}

function log(
  state: ServerState,
  endpoint: EndpointRecord,
  id: string,
  level: 'INFO' | 'ERROR',
  message: string,
): void {
  const timestamp = state.now().toISOString()
  const lines = state.endpoints.log
  lines.push({ log_source_id: endpoint.id, instance_id: id, timestamp, level, message })
  if (lines.length > MAX_LOG_LINES) lines.shift()
}
