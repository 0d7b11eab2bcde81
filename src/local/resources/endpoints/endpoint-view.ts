import type { ServerState } from '../../server-state.ts'
import { currentUser } from '../../store/account.ts'
import { type EndpointRecord, newestVersion, type VersionRecord } from './endpoint-store.ts'
import { materializationStatus } from './materialization.ts'

/** An endpoint as the API returns it, with the settings of its newest version. */
export function endpointView(
  state: ServerState,
  endpoint: EndpointRecord,
  origin: string | null,
): Record<string, unknown> {
  return {
    ...fields(state, endpoint, newestVersion(endpoint), origin),
    is_active: endpoint.isActive,
    last_executed_at: endpoint.lastExecutedAt?.toISOString() ?? null,
  }
}

/** A version as `?version=N` returns it: the fields of the endpoint and the version, without absolute URLs. */
export function versionView(
  state: ServerState,
  endpoint: EndpointRecord,
  version: VersionRecord,
): Record<string, unknown> {
  return {
    ...fields(state, endpoint, version, null),
    is_active: version.isActive,
    last_executed_at: version.lastExecutedAt?.toISOString() ?? null,
    version: version.version,
    version_id: version.id,
    endpoint_is_active: endpoint.isActive,
    version_created_at: version.createdAt.toISOString(),
    version_updated_at: version.updatedAt?.toISOString() ?? null,
    version_created_by: currentUser(state),
  }
}

function fields(
  state: ServerState,
  endpoint: EndpointRecord,
  version: VersionRecord,
  origin: string | null,
): Record<string, unknown> {
  const path = `/api/projects/${state.projectId}/endpoints/${endpoint.name}/run`
  return {
    id: endpoint.id,
    name: endpoint.name,
    description: version.description,
    query: version.query,
    is_active: endpoint.isActive,
    data_freshness_seconds: version.freshnessSeconds,
    endpoint_path: path,
    url: origin === null ? null : `${origin}${path}`,
    ui_url: origin === null ? null : `${origin}/project/${state.projectId}/endpoints/${endpoint.name}`,
    created_at: endpoint.createdAt.toISOString(),
    updated_at: endpoint.updatedAt.toISOString(),
    created_by: currentUser(state),
    is_materialized: version.materialization !== null,
    current_version: newestVersion(endpoint).version,
    current_version_id: version.id,
    versions_count: endpoint.versions.length,
    derived_from_insight: endpoint.derivedFromInsight,
    last_executed_at: null,
    materialization: materializationStatus(version),
    bucket_overrides: version.bucketOverrides,
    columns: version.columns,
    tags: [...endpoint.tags].sort(),
    optional_breakdown_properties: version.optionalBreakdowns,
  }
}
