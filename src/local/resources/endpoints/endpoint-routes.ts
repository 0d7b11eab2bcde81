import { isObject } from '../../../shared/is-object.ts'
import { parseQuery } from '../../hogql/compile.ts'
import { ApiError, bare, invalid } from '../../http/api-error.ts'
import { jsonResponse, member } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import type { ThrottleClass } from '../../http/throttles.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { queryVariables } from '../query/saved-query.ts'
import { insightVariables } from '../variables/insight-variable.ts'
import {
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  listVersions,
  retrieveEndpoint,
  updateEndpoint,
} from './endpoint-handlers.ts'
import { findVersion, newestVersion, requestedVersion } from './endpoint-store.ts'
import { isStale, materializationStatus } from './materialization.ts'
import { unsupportedReason } from './materialization-rules.ts'
import { openapiDocument } from './openapi-document.ts'
import {
  aggregatesOf,
  type BucketOverrides,
  bucketedSql,
  rangeComparisons,
  readBuckets,
} from './range-buckets.ts'
import { runEndpoint } from './run-endpoint.ts'

const READ = 'endpoint:read'
const WRITE = 'endpoint:write'
const RUN = { scope: READ, secretKeys: true, handle: runEndpoint }

/** The Endpoints product. Actions on the list precede `:name`, so they shadow endpoints of the same name. */
export const endpointRoutes: readonly Route[] = [
  route('', { GET: { scope: READ, handle: listEndpoints }, POST: { scope: WRITE, handle: createEndpoint } }),
  route('/last_execution_times', { POST: { scope: READ, handle: lastExecutionTimes } }),
  route('/materialization_conditions', { GET: { scope: READ, handle: conditions } }),
  route('/bulk_update_tags', { POST: { handle: rejectBulkTags } }),
  route('/:name', {
    GET: { scope: READ, handle: retrieveEndpoint },
    PUT: { scope: WRITE, handle: updateEndpoint },
    PATCH: { scope: WRITE, handle: updateEndpoint },
    DELETE: { scope: WRITE, handle: deleteEndpoint },
  }),
  route('/:name/run', { GET: RUN, POST: RUN }),
  route('/:name/versions', { GET: { scope: READ, handle: listVersions } }),
  route('/:name/openapi.json', { GET: { scope: READ, handle: openapi } }),
  route('/:name/materialization_status', { GET: { scope: READ, handle: status } }),
  route('/:name/materialization_preview', { POST: { scope: READ, handle: preview } }),
  route('/:name/logs', { GET: { scope: READ, handle: executionLog } }),
]

function route(path: string, methods: Route['methods']): Route {
  return {
    path: `projects/:project/endpoints${path}`,
    throttle: throttleOf,
    acceptsSecretKeys: true,
    methods,
  }
}

/** Only runs that read a materialized table count against the larger bucket. */
function throttleOf({ state, params, body, request, url }: Call): ThrottleClass {
  const name = params['name']
  if (!url.pathname.replace(/\/$/, '').endsWith('/run') || name === undefined || !state.endpoints.has(name))
    return 'queries'
  const endpoint = state.endpoints.get(name)
  const requested = Number(
    member(body, 'version') ?? url.searchParams.get('version') ?? newestVersion(endpoint).version,
  )
  const version = endpoint.versions.find((candidate) => candidate.version === requested)
  const table = version?.materialization
  if (request.method === 'POST' && member(body, 'refresh') === 'direct') return 'queries'
  if (version === undefined || table === undefined || table === null) return 'queries'
  return isStale(version, table, state.now()) ? 'queries' : 'materialized'
}

function openapi({ state, params, url }: Call): Response {
  const endpoint = state.endpoints.get(params['name'] ?? '')
  const version = requestedVersion(endpoint, url.searchParams) ?? newestVersion(endpoint)
  const project = { id: state.projectId, variables: insightVariables(state), site: url.origin }
  return jsonResponse(200, openapiDocument(endpoint, version, project))
}

function status({ state, params, url }: Call): Response {
  const endpoint = state.endpoints.get(params['name'] ?? '')
  const version = requestedVersion(endpoint, url.searchParams) ?? newestVersion(endpoint)
  return jsonResponse(200, { name: endpoint.name, ...materializationStatus(version) })
}

/**
 * Previews a materialization. The local PostHog does not rewrite queries, so the SQL is unchanged apart from buckets.
 */
function preview({ state, params, body }: Call): Response {
  const endpoint = state.endpoints.get(params['name'] ?? '')
  const requested = member(body, 'version')
  const version = typeof requested === 'number' ? findVersion(endpoint, requested) : newestVersion(endpoint)
  const overrides = member(body, 'bucket_overrides') ?? version.bucketOverrides
  const buckets = isObject(overrides) ? readBuckets(overrides) : null
  const reason = unsupportedReason(version.query, buckets)
  const sql = reason === null && version.query.kind === 'HogQLQuery' ? String(version.query['query']) : null
  const hasVariables = sql !== null && queryVariables(version.query).length > 0
  const read = sql === null ? null : bucketedSql(sql, buckets)
  return jsonResponse(200, {
    can_materialize: reason === null,
    reason,
    transformed_query: sql,
    execution_query: read,
    display_execution_query: read,
    range_pairs: hasVariables ? rangePairs(sql, buckets) : [],
    aggregates: hasVariables
      ? aggregatesOf(sql).map(({ label, combinedBy }) => ({
          expression: label,
          reaggregate_fn: combinedBy ?? null,
        }))
      : [],
  })
}

/** The bucketed columns with their variables. */
function rangePairs(sql: string, overrides: BucketOverrides): JsonRecord[] {
  const pairs = new Map<string, { column: string; variables: string[]; bucket_fn: string }>()
  for (const { column, variable, bucketFunction } of rangeComparisons(parseQuery(sql), overrides)) {
    const pair = pairs.get(column) ?? { column, variables: [], bucket_fn: bucketFunction }
    if (!pair.variables.includes(variable)) pair.variables.push(variable)
    pairs.set(column, pair)
  }
  return [...pairs.values()]
}

function conditions(): Response {
  return jsonResponse(200, {
    conditions_source:
      'Variables must be in WHERE outside OR, compared with =, >=, >, < or <=. The query must not read the current time.',
    rewrite_contract: 'The local PostHog copies the source tables and does not rewrite queries.',
  })
}

function rejectBulkTags(): never {
  throw new ApiError(405, { detail: 'Bulk tag updates are not available for endpoints.' })
}

/** Gets the last execution time of each named endpoint. Omits endpoints that never ran. */
export function lastExecutionTimes({ state, body }: Call): Response {
  const names = member(body, 'names') ?? []
  if (!Array.isArray(names)) throw invalid('names', 'Expected a list of items.')
  const invalidName = names.find(
    (name) => typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9_-]{0,127}$/.test(name),
  )
  if (invalidName !== undefined) throw invalid('names', `Invalid endpoint name: ${String(invalidName)}`)
  const results = state.endpoints
    .all()
    .filter((endpoint) => names.includes(endpoint.name) && endpoint.lastExecutedAt !== null)
    .map((endpoint) => [endpoint.name, endpoint.lastExecutedAt?.toISOString()])
  const status = {
    id: '',
    team_id: state.projectId,
    complete: true,
    error: false,
    error_message: null,
    query_async: true,
  }
  return jsonResponse(200, { query_status: { ...status, results: names.length === 0 ? null : results } })
}

/** Gets the execution log, newest line first. */
function executionLog({ state, params, url }: Call): Response {
  const endpoint = state.endpoints.get(params['name'] ?? '')
  const query = url.searchParams
  const limit = Number(query.get('limit') ?? 50)
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw bare(400, 'limit must be from 1 to 500')
  const levels = query.getAll('level').flatMap((value) => value.toUpperCase().split(','))
  const search = (query.get('search') ?? '').toLowerCase()
  const [after, before, instance] = [query.get('after'), query.get('before'), query.get('instance_id')]
  const lines = state.endpoints.log
    .filter((line) => line.log_source_id === endpoint.id)
    .filter((line) => levels.length === 0 || levels.includes(line.level))
    .filter((line) => line.message.toLowerCase().includes(search))
    .filter((line) => after === null || Date.parse(line.timestamp) > Date.parse(after))
    .filter((line) => before === null || Date.parse(line.timestamp) < Date.parse(before))
    .filter((line) => instance === null || line.instance_id === instance)
    .reverse()
  return jsonResponse(200, {
    count: lines.length,
    next: null,
    previous: null,
    results: lines.slice(0, limit),
  })
}
