import { HogqlError } from '../../../hogql/hogql-error.ts'
import { ENGINE_MISSING, EngineError } from '../../engine/sql-engine.ts'
import { ApiError, invalid, queryFieldError } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { USER } from '../../store/account.ts'
import { describeHogql, placeholderValues } from '../query/run-hogql.ts'
import type { SavedQuery } from '../query/saved-query.ts'
import { insightVariables } from '../variables/insight-variable.ts'
import {
  checkAgainstQuery,
  DEFAULT_FRESHNESS_SECONDS,
  readName,
  readSettings,
  type SettingsBody,
} from './endpoint-settings.ts'
import { type EndpointRecord, newestVersion, requestedVersion, type VersionRecord } from './endpoint-store.ts'
import { endpointView, versionView } from './endpoint-view.ts'
import { dropTable, materialize } from './materialization.ts'
import { normalizeQuery, sameQuery } from './normalize-query.ts'

/** Lists endpoints. */
export function listEndpoints({ state, url }: Call): Response {
  const active = url.searchParams.get('is_active')
  const author = url.searchParams.get('created_by')
  if (author !== null && !/^\d+$/.test(author)) throw invalid('created_by', 'Enter a number.')
  const isActive = active === null ? undefined : ['true', '1', 't', 'yes'].includes(active.toLowerCase())
  const endpoints = state.endpoints
    .all()
    .filter((endpoint) => isActive === undefined || endpoint.isActive === isActive)
    .filter(() => author === null || Number(author) === USER.id)
    .reverse()
  const page = offsetPage(endpoints, url, state.pageSize)
  return jsonResponse(200, {
    ...page,
    results: page.results.map((endpoint) => endpointView(state, endpoint, url.origin)),
  })
}

/** Creates an endpoint. */
export async function createEndpoint({ state, body, url }: Call): Promise<Response> {
  const settings = readSettings(body)
  const name = readName(settings, (taken) => state.endpoints.has(taken))
  if (settings.query === undefined || settings.query === null) throw invalid('query', 'Must specify query')
  const query = normalizeQuery(settings.query, insightVariables(state))
  checkAgainstQuery(settings, query)
  const now = state.now()
  const version = await newVersion(state, query, 1, now)
  version.description = settings.description ?? ''
  version.freshnessSeconds = settings.data_freshness_seconds ?? DEFAULT_FRESHNESS_SECONDS
  version.optionalBreakdowns = settings.optional_breakdown_properties ?? []
  const endpoint: EndpointRecord = {
    id: crypto.randomUUID(),
    name,
    isActive: settings.is_active ?? true,
    deleted: false,
    tags: [...new Set(settings.tags ?? [])],
    derivedFromInsight: settings.derived_from_insight ?? null,
    createdAt: now,
    updatedAt: now,
    lastExecutedAt: null,
    versions: [version],
  }
  if (settings.is_materialized === true) {
    version.bucketOverrides = settings.bucket_overrides ?? null
    await materialize(state, version)
  }
  state.endpoints.add(endpoint)
  await state.persist()
  return jsonResponse(201, endpointView(state, endpoint, url.origin))
}

/** Gets an endpoint, or one version of it. */
export function retrieveEndpoint({ state, params, url }: Call): Response {
  const endpoint = state.endpoints.get(params['name'] ?? '')
  const version = requestedVersion(endpoint, url.searchParams)
  if (version !== undefined) return jsonResponse(200, versionView(state, endpoint, version))
  return jsonResponse(200, endpointView(state, endpoint, url.origin))
}

/** Lists the versions, newest first. */
export function listVersions({ state, params, url }: Call): Response {
  const endpoint = state.endpoints.get(params['name'] ?? '')
  const page = offsetPage([...endpoint.versions].reverse(), url, state.pageSize)
  return jsonResponse(200, {
    ...page,
    results: page.results.map((version) => versionView(state, endpoint, version)),
  })
}

/** Marks an endpoint as deleted and drops all its tables. */
export async function deleteEndpoint({ state, params }: Call): Promise<Response> {
  await softDelete(state, state.endpoints.get(params['name'] ?? ''))
  return new Response(null, { status: 204 })
}

async function softDelete(state: ServerState, endpoint: EndpointRecord): Promise<void> {
  endpoint.deleted = true
  for (const version of endpoint.versions) await dropTable(state, version)
  await state.persist()
}

/** Updates an endpoint. PUT and PATCH are the same: every field is optional. */
export async function updateEndpoint({ state, params, body, url }: Call): Promise<Response> {
  const endpoint = state.endpoints.get(params['name'] ?? '')
  const settings = readSettings(body ?? {})
  if (settings.deleted === true) {
    await softDelete(state, endpoint)
    return jsonResponse(200, { success: true })
  }
  const targeted = targetedVersion(endpoint, settings, url.searchParams)
  const query = settings.query ? normalizeQuery(settings.query, insightVariables(state)) : undefined
  if (query !== undefined && targeted !== undefined) {
    throw invalid('version', 'Cannot change the query of one version: a changed query creates a new version')
  }
  checkAgainstQuery(settings, query ?? (targeted ?? newestVersion(endpoint)).query)
  if (settings.is_materialized === true && (settings.is_active ?? endpoint.isActive) === false) {
    throw invalid('is_materialized', 'Cannot materialize an inactive endpoint')
  }
  let materializationError: string | undefined
  if (query !== undefined && !sameQuery(query, newestVersion(endpoint).query)) {
    materializationError = await addVersion(state, endpoint, query, settings)
  }
  const version = targeted ?? newestVersion(endpoint)
  await applyToVersion(state, version, settings, materializationError !== undefined)
  await applyActive(state, endpoint, targeted, settings)
  if (settings.tags !== undefined && settings.tags !== null) endpoint.tags = [...new Set(settings.tags)]
  endpoint.updatedAt = state.now()
  version.updatedAt = endpoint.updatedAt
  await state.persist()
  if (targeted !== undefined) return jsonResponse(200, versionView(state, endpoint, version))
  const view = endpointView(state, endpoint, url.origin)
  return jsonResponse(
    200,
    materializationError === undefined ? view : { ...view, materialization_error: materializationError },
  )
}

function targetedVersion(
  endpoint: EndpointRecord,
  settings: SettingsBody,
  query: URLSearchParams,
): VersionRecord | undefined {
  const inQuery = query.get('version')
  const number = settings.version ?? (inQuery === null ? undefined : Number(inQuery))
  if (number === undefined) return undefined
  const version = endpoint.versions.find((candidate) => candidate.version === number)
  if (version === undefined) throw invalid('version', `Version ${inQuery ?? number} not found`)
  return version
}

/** Adds a version for a changed query. A materialized endpoint stays materialized. */
async function addVersion(
  state: ServerState,
  endpoint: EndpointRecord,
  query: SavedQuery,
  settings: SettingsBody,
): Promise<string | undefined> {
  const before = newestVersion(endpoint)
  const version = await newVersion(state, query, before.version + 1, state.now())
  version.description = before.description
  version.freshnessSeconds = before.freshnessSeconds
  endpoint.versions.push(version)
  if (before.materialization === null || settings.is_materialized === false) return undefined
  version.bucketOverrides = before.bucketOverrides
  try {
    await materialize(state, version)
    return undefined
  } catch (error) {
    // The version stays: PostHog responds 200 with the error in a field.
    if (error instanceof ApiError) return String(error.body['detail'])
    throw error
  }
}

async function applyToVersion(
  state: ServerState,
  version: VersionRecord,
  settings: SettingsBody,
  failed: boolean,
): Promise<void> {
  const isOn = settings.is_materialized ?? version.materialization !== null
  version.bucketOverrides = isOn ? (settings.bucket_overrides ?? version.bucketOverrides) : null
  if (settings.is_materialized === true && !failed) await materialize(state, version)
  if (settings.is_materialized === false) await dropTable(state, version)
  if (version.materialization === null) version.bucketOverrides = null
  version.description = settings.description ?? version.description
  if (settings.data_freshness_seconds !== undefined) {
    version.freshnessSeconds = settings.data_freshness_seconds ?? DEFAULT_FRESHNESS_SECONDS
  }
  if (settings.optional_breakdown_properties !== undefined) {
    version.optionalBreakdowns = settings.optional_breakdown_properties ?? []
  }
}

async function applyActive(
  state: ServerState,
  endpoint: EndpointRecord,
  targeted: VersionRecord | undefined,
  settings: SettingsBody,
): Promise<void> {
  const active = settings.is_active
  if (active === undefined || active === null) return
  if (targeted !== undefined) targeted.isActive = active
  else endpoint.isActive = active
  if (active) return
  // Deactivating the endpoint drops the tables of every version; deactivating a version drops only its own.
  for (const version of targeted === undefined ? endpoint.versions : [targeted])
    await dropTable(state, version)
}

async function newVersion(
  state: ServerState,
  query: SavedQuery,
  number: number,
  now: Date,
): Promise<VersionRecord> {
  return {
    id: crypto.randomUUID(),
    version: number,
    query,
    description: '',
    freshnessSeconds: DEFAULT_FRESHNESS_SECONDS,
    isActive: true,
    materialization: null,
    bucketOverrides: null,
    optionalBreakdowns: [],
    columns: query.kind === 'HogQLQuery' ? await columnsOf(state, query) : [],
    createdAt: now,
    updatedAt: null,
    lastExecutedAt: null,
  }
}

async function columnsOf(state: ServerState, query: SavedQuery): Promise<{ name: string; type: string }[]> {
  try {
    return await describeHogql(
      state,
      String(query['query']),
      placeholderValues(query, {}, insightVariables(state)),
    )
  } catch (error) {
    if (error instanceof HogqlError) throw queryFieldError(error)
    if (!(error instanceof EngineError)) throw error
    // Unknown names and syntax errors are mistakes in the query. A query that fails only without values or without an
    // engine may work later: its columns stay empty, as in PostHog.
    if (error.code === ENGINE_MISSING || !QUERY_MISTAKES.test(error.code)) return []
    throw invalid('query', error.message)
  }
}

const QUERY_MISTAKES =
  /^(?:syntax_error|unknown_|ambiguous_|not_an_aggregate|illegal_aggregation|number_of_arguments)/
