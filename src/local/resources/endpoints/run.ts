import { EngineError } from '../../engine/engine-error.ts'
import { HogqlError } from '../../hogql/hogql-error.ts'
import { ApiError, invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse, stableJson } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { runFailure } from '../query/query-failure.ts'
import { computeAnswer } from './compute-answer.ts'
import type { EndpointRecord, VersionRecord } from './endpoint-record.ts'
import type { CachedAnswer } from './endpoint-store.ts'
import { type RunRequest, readRunRequest } from './run-body.ts'
import { checkVariables } from './variable-rules.ts'
import { versionToRun } from './version-lookup.ts'

// `last_executed_at` moves at most this often.
const EXECUTED_STEP_MS = 30 * 60_000

// So a server that runs for weeks does not grow: answers kept and log lines kept.
const MAX_ANSWERS = 500
const MAX_LOG_LINES = 10_000

// Fields of the engine that are shown with `debug` only.
const DEBUG_FIELDS = [
  'hogql',
  'timings',
  'modifiers',
  'explain',
  'resolved_date_range',
  'cache_key',
  'calculation_trigger',
]

/** GET and POST a run: checks in PostHog's order, then the stored answer or a new one. */
export async function runEndpoint({ world, params, body, url }: Call): Promise<Response> {
  const endpoint = world.endpoints.get(params['name'] ?? '')
  if (!endpoint.isActive) throw notFound()
  const executionId = crypto.randomUUID()
  const startedAt = performance.now()
  let version: VersionRecord | undefined
  try {
    const request = readRunRequest(body, url.searchParams)
    version = versionToRun(endpoint, request.version)
    checkRun(version, request)
    const { answer, hit, fromTable } = await answerOf(world, endpoint, version, request)
    markExecuted(endpoint, version, world.now())
    const rows = Array.isArray(answer.fields['results']) ? answer.fields['results'].length : 0
    const duration = Math.round(performance.now() - startedAt)
    const path = fromTable ? 'materialized' : 'inline'
    const line = `path=${path} cache=${hit ? 'hit' : 'miss'} duration_ms=${duration} rows=${rows} version=${version.version}`
    log(world, endpoint, executionId, 'INFO', line)
    return jsonResponse(
      200,
      runView({ endpoint, version, answer, hit, fromTable, executionId, debug: request.debug }),
    )
  } catch (error) {
    const shown = asRunError(error)
    const detail = String(shown.body['detail'] ?? shown.body['error'])
    if (shown.status !== 429) {
      log(
        world,
        endpoint,
        executionId,
        'ERROR',
        `path=inline error=${detail} version=${version?.version ?? 'none'}`,
      )
    }
    throw shown
  }
}

/** What the version and the kind of query forbid, before any name of a variable is looked at. */
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

interface Answered {
  readonly answer: CachedAnswer
  readonly hit: boolean
  readonly fromTable: boolean
}

async function answerOf(
  world: ServerState,
  endpoint: EndpointRecord,
  version: VersionRecord,
  request: RunRequest,
): Promise<Answered> {
  const now = world.now().getTime()
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
  const cached = world.endpoints.cache.get(cacheKey)
  const isFresh = cached !== undefined && now - cached.storedAt.getTime() < maxAge
  const isOfThisTable =
    cached?.materializedAt?.getTime() === (fromTable ? table.builtAt.getTime() : undefined)
  if (request.refresh === 'cache' && cached !== undefined && isFresh && isOfThisTable) {
    return { answer: cached, hit: true, fromTable }
  }
  const gate = fromTable ? world.tableGate : world.gate
  const fields = await gate.run(() => computeAnswer(world, version, request, fromTable ? table : null))
  const answer: CachedAnswer = {
    fields: { ...fields, cache_key: `cache_${cacheKey.length}_${version.id}`, calculation_trigger: null },
    storedAt: world.now(),
    materializedAt: fromTable ? table.builtAt : null,
  }
  if (request.refresh !== 'direct') keep(world.endpoints.cache, cacheKey, answer)
  return { answer, hit: false, fromTable }
}

/** Stores an answer; the oldest one leaves when there are too many. */
function keep(cache: Map<string, CachedAnswer>, key: string, answer: CachedAnswer): void {
  cache.delete(key)
  cache.set(key, answer)
  const [oldest] = cache.keys()
  if (cache.size > MAX_ANSWERS && oldest !== undefined) cache.delete(oldest)
}

interface RunView extends Answered {
  readonly endpoint: EndpointRecord
  readonly version: VersionRecord
  readonly executionId: string
  readonly debug: boolean
}

function runView({
  endpoint,
  version,
  answer,
  hit,
  fromTable,
  executionId,
  debug,
}: RunView): Record<string, unknown> {
  const until = new Date(answer.storedAt.getTime() + version.freshnessSeconds * 1_000).toISOString()
  const fields = Object.entries(answer.fields).filter(([name]) => debug || !DEBUG_FIELDS.includes(name))
  return {
    ...Object.fromEntries(fields),
    is_cached: hit,
    last_refresh: answer.storedAt.toISOString(),
    cache_target_age: until,
    next_allowed_client_refresh: answer.storedAt.toISOString(),
    timezone: 'UTC',
    name: endpoint.name,
    execution_id: executionId,
    endpoint_version: version.version,
    endpoint_version_created_at: version.createdAt.toISOString().replace('Z', '000+00:00'),
    ...(fromTable
      ? {
          endpoint_materialized: true,
          endpoint_materialized_at: answer.materializedAt?.toISOString() ?? null,
        }
      : {}),
  }
}

function asRunError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof HogqlError) return invalid(null, error.message)
  if (error instanceof EngineError) return runFailure(error)
  throw error
}

function markExecuted(endpoint: EndpointRecord, version: VersionRecord, now: Date): void {
  for (const record of [endpoint, version]) {
    const last = record.lastExecutedAt
    if (last === null || now.getTime() - last.getTime() >= EXECUTED_STEP_MS) record.lastExecutedAt = now
  }
}

function log(
  world: ServerState,
  endpoint: EndpointRecord,
  id: string,
  level: 'INFO' | 'ERROR',
  message: string,
): void {
  const timestamp = world.now().toISOString()
  const lines = world.endpoints.log
  lines.push({ log_source_id: endpoint.id, instance_id: id, timestamp, level, message })
  if (lines.length > MAX_LOG_LINES) lines.shift()
}
