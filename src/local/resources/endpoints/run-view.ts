import type { CachedResult, EndpointRecord, VersionRecord } from './endpoint-store.ts'

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

/** A finished run. */
export interface RunView {
  readonly endpoint: EndpointRecord
  readonly version: VersionRecord
  readonly result: CachedResult
  readonly isCached: boolean
  /** Whether the rows come from the materialized table. */
  readonly fromTable: boolean
  readonly executionId: string
  readonly debug: boolean
}

/** The response to a run. */
export function runView({
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
