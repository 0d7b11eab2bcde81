import { ApiError } from '../../http/api-error.ts'
import { jsonResponse, member } from '../../http/json.ts'
import type { ThrottleClass } from '../../http/limits/throttles.ts'
import type { Call, Route } from '../../http/route.ts'
import { insightVariables } from '../variables/insight-variable.ts'
import {
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  listVersions,
  retrieveEndpoint,
  updateEndpoint,
} from './crud.ts'
import { newestVersion } from './endpoint-record.ts'
import { executionLog, lastExecutionTimes } from './execution-log.ts'
import { refusalReason } from './materialization-rules.ts'
import { materializationStatus } from './materialization-status.ts'
import { openapiDocument } from './openapi-document.ts'
import { runEndpoint } from './run.ts'
import { askedVersion, findVersion } from './version-lookup.ts'

const read = 'endpoint:read'
const write = 'endpoint:write'
const runAction = { scope: read, secretKeys: true, handle: runEndpoint }

/** The Endpoints product. List-level actions come before names: they shadow an endpoint of the same name. */
export const endpointRoutes: readonly Route[] = [
  route('', { GET: { scope: read, handle: listEndpoints }, POST: { scope: write, handle: createEndpoint } }),
  route('/last_execution_times', { POST: { scope: read, handle: lastExecutionTimes } }),
  route('/materialization_conditions', { GET: { scope: read, handle: conditions } }),
  route('/bulk_update_tags', { POST: { handle: refuseBulkTags } }),
  route('/:name', {
    GET: { scope: read, handle: retrieveEndpoint },
    PUT: { scope: write, handle: updateEndpoint },
    PATCH: { scope: write, handle: updateEndpoint },
    DELETE: { scope: write, handle: deleteEndpoint },
  }),
  route('/:name/run', { GET: runAction, POST: runAction }),
  route('/:name/versions', { GET: { scope: read, handle: listVersions } }),
  route('/:name/openapi.json', { GET: { scope: read, handle: openapi } }),
  route('/:name/materialization_status', { GET: { scope: read, handle: status } }),
  route('/:name/materialization_preview', { POST: { scope: read, handle: preview } }),
  route('/:name/logs', { GET: { scope: read, handle: executionLog } }),
]

function route(path: string, methods: Route['methods']): Route {
  return { path: `projects/:project/endpoints${path}`, throttle: throttleOf, knowsSecretKeys: true, methods }
}

/** Only a request that a table will serve counts in the larger bucket. */
function throttleOf({ world, params, body, request, url }: Call): ThrottleClass {
  const name = params['name']
  if (!url.pathname.replace(/\/$/, '').endsWith('/run') || name === undefined || !world.endpoints.has(name))
    return 'queries'
  const endpoint = world.endpoints.get(name)
  const asked = Number(
    member(body, 'version') ?? url.searchParams.get('version') ?? newestVersion(endpoint).version,
  )
  const version = endpoint.versions.find((candidate) => candidate.version === asked)
  const table = version?.materialization
  if (request.method === 'POST' && member(body, 'refresh') === 'direct') return 'queries'
  if (version === undefined || table === undefined || table === null) return 'queries'
  const age = world.now().getTime() - table.builtAt.getTime()
  return age < version.freshnessSeconds * 1_000 ? 'materialized' : 'queries'
}

function openapi({ world, params, url }: Call): Response {
  const endpoint = world.endpoints.get(params['name'] ?? '')
  const version = askedVersion(endpoint, url.searchParams) ?? newestVersion(endpoint)
  const project = { id: world.projectId, variables: insightVariables(world), site: url.origin }
  return jsonResponse(200, openapiDocument(endpoint, version, project))
}

function status({ world, params, url }: Call): Response {
  const endpoint = world.endpoints.get(params['name'] ?? '')
  const version = askedVersion(endpoint, url.searchParams) ?? newestVersion(endpoint)
  return jsonResponse(200, { name: endpoint.name, ...materializationStatus(version) })
}

/** A dry run. The local PostHog freezes tables instead of rewriting queries, so there is no rewritten SQL to show. */
function preview({ world, params, body }: Call): Response {
  const endpoint = world.endpoints.get(params['name'] ?? '')
  const asked = member(body, 'version')
  const version = typeof asked === 'number' ? findVersion(endpoint, asked) : newestVersion(endpoint)
  const reason = refusalReason(version.query)
  const sql = reason === null && version.query.kind === 'HogQLQuery' ? version.query['query'] : null
  return jsonResponse(200, {
    can_materialize: reason === null,
    reason,
    transformed_query: sql,
    execution_query: sql,
    display_execution_query: sql,
    range_pairs: [],
    aggregates: [],
  })
}

function conditions(): Response {
  return jsonResponse(200, {
    conditions_source:
      'Variables stand in WHERE, compared with =, >=, >, < or <=, not inside OR, and the query reads no clock.',
    rewrite_contract: 'The local PostHog freezes the source tables; it does not rewrite queries.',
  })
}

function refuseBulkTags(): never {
  throw new ApiError(405, { detail: 'Bulk tag updates are not available for endpoints.' })
}
