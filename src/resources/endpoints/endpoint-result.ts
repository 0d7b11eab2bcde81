import { DecodeError, VersionDriftError } from '../../runtime/errors/result-errors.ts'
import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import { createRowDecoder, readColumns } from '../../runtime/rows/decode-rows.ts'
import { defaultRowLimit, engineRowCap, type Incomplete } from '../../runtime/rows/incomplete.ts'
import { responseFix } from '../../runtime/rows/lossless-json.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import { type ResponseFields, readResponseFields, throwReportedError } from '../response-fields.ts'

/** Cache state of a result. Times are ISO 8601 strings from the server. */
export interface EndpointCache {
  /** Whether the result came from PostHog's cache. */
  readonly hit: boolean
  /** When PostHog computed the result. */
  readonly lastRefresh: string | undefined
  /** When the cached result expires. */
  readonly targetAge: string | undefined
  /** When PostHog allows the next refresh. */
  readonly nextAllowedRefresh: string | undefined
  /** Age in the client's cache in milliseconds; undefined if the result just came from PostHog. */
  readonly age: number | undefined
  /** Whether the result is older than `ttl` and was returned because PostHog throttled the run. */
  readonly stale: boolean
}

/** Diagnostic fields of a run with `debug: true`. Their content is unstable. */
export type EndpointDebug = Readonly<Record<string, unknown>>

/** The result of an endpoint run. */
export interface EndpointResult<Row> {
  /** Rows as objects keyed by column name. For insight kinds: the items of the insight's result. */
  readonly rows: Row[]
  /** `true`, or why rows may be missing. */
  readonly complete: true | EndpointIncomplete
  /** Column names in order, as in the rows. Empty for insight kinds. */
  readonly columns: readonly string[]
  /** ClickHouse type of each column, if PostHog reports it. */
  readonly types: readonly (string | undefined)[]
  /** The version that ran. */
  readonly version: number | undefined
  /** When that version was saved, ISO 8601. */
  readonly versionCreatedAt: string | undefined
  /** Whether a materialized table served the rows. */
  readonly materialized: boolean
  /** When PostHog last refreshed that table, ISO 8601. */
  readonly materializedAt: string | undefined
  /** Id of this run in the endpoint's logs. */
  readonly executionId: string | undefined
  /** Whether PostHog reports more rows. Known only for runs with a `limit`. */
  readonly hasMore: boolean
  /** The limit that PostHog applied. */
  readonly limit: number | undefined
  /** The offset that PostHog applied. */
  readonly offset: number | undefined
  readonly cache: EndpointCache
  /** Time zone of the project, in which PostHog groups by day. */
  readonly timezone: string | undefined
  /** Set for a run with `debug: true`. */
  readonly debug: EndpointDebug | undefined
  readonly requestId: string | undefined
}

/** Facts about the call that the response does not contain. */
export interface RunFacts extends Pick<EndpointCache, 'age' | 'stale'> {
  readonly cells?: CellOptions
  readonly requestedLimit: number | undefined
  readonly debug: EndpointDebug | undefined
  readonly requestId: string | undefined
}

/** Converts a response to a result. `Row` is trusted, not validated. */
export function toResult<Row>(response: RunResponse, facts: RunFacts): EndpointResult<Row> {
  const columns = readColumns(response.columns ?? [], response.types)
  const results = Array.isArray(response.results)
    ? response.results
    : response.results === null
      ? []
      : [response.results]
  const hasMore = response.hasMore ?? false
  const complete =
    response.columns === undefined
      ? !hasMore || ({ reason: 'page', limit: results.length } as const)
      : completeness({
          rows: results.length,
          hasMore,
          requestedLimit: facts.requestedLimit,
          appliedLimit: response.limit,
        })
  return {
    // The endpoint's row type is trusted.
    rows: (response.columns === undefined
      ? results
      : results.map(createRowDecoder(columns, facts.cells ?? {}))) as Row[],
    complete,
    columns: columns.names,
    types: columns.types,
    version: response.endpoint_version,
    versionCreatedAt: response.endpoint_version_created_at,
    materialized: response.endpoint_materialized ?? false,
    materializedAt: response.endpoint_materialized_at,
    executionId: response.execution_id,
    hasMore,
    limit: response.limit,
    offset: response.offset,
    cache: {
      hit: response.is_cached ?? false,
      lastRefresh: response.last_refresh,
      targetAge: response.cache_target_age,
      nextAllowedRefresh: response.next_allowed_client_refresh,
      age: facts.age,
      stale: facts.stale,
    },
    timezone: response.timezone,
    debug: facts.debug,
    requestId: facts.requestId,
  }
}

/** Why rows of an endpoint may be missing. `page`: the run reached its `limit`. */
export type EndpointIncomplete = Incomplete<'page' | 'row_limit' | 'row_cap'>

/** Input of the completeness decision. */
export interface RowCount {
  readonly rows: number
  readonly hasMore: boolean
  /** The `limit` in the request. */
  readonly requestedLimit: number | undefined
  /** The `limit` in the response. */
  readonly appliedLimit: number | undefined
}

/**
 * Whether a result has all rows of an endpoint. Without `limit`, PostHog reports `hasMore: false` even if it cut off
 * rows. A result exactly as long as one of PostHog's limits is therefore never complete. A LIMIT in the saved query
 * is intentional and does not count.
 */
export function completeness({
  rows,
  hasMore,
  requestedLimit,
  appliedLimit,
}: RowCount): true | EndpointIncomplete {
  const limit = requestedLimit ?? appliedLimit ?? rows
  if (hasMore) return { reason: 'page', limit }
  if (rows >= engineRowCap) return { reason: 'row_cap', limit: engineRowCap }
  if (requestedLimit !== undefined) {
    const isClamped = appliedLimit !== undefined && appliedLimit < requestedLimit && rows >= appliedLimit
    return isClamped ? { reason: 'row_cap', limit: appliedLimit } : true
  }
  const rowLimit = appliedLimit ?? defaultRowLimit
  return rows > 0 && rows === rowLimit ? { reason: 'row_limit', limit: rowLimit } : true
}

/** What to do if PostHog ran another version than requested. */
export type OnVersionDrift = 'throw' | 'warn' | 'ignore'

/** Returns an error if PostHog ran another version than requested. */
export function findDrift(
  endpoint: Pick<Endpoint, 'name'>,
  requested: number | undefined,
  result: Pick<EndpointResult<unknown>, 'version'>,
): VersionDriftError | undefined {
  if (requested === undefined || result.version === undefined || result.version === requested)
    return undefined
  return new VersionDriftError({
    endpoint: endpoint.name,
    pinned: requested,
    served: result.version,
    message: `Endpoint "${endpoint.name}" is pinned to version ${requested}, but PostHog ran version ${result.version}.`,
    fix: 'Run `typehog endpoints pull` and review the changes.',
  })
}

/** Returns columns of the row type that are missing in the response. */
export function missingColumns(
  endpoint: Pick<Endpoint, 'columns'>,
  result: Pick<EndpointResult<unknown>, 'columns'>,
): readonly string[] {
  if (result.columns.length === 0) return []
  return endpoint.columns.map(({ name }) => name).filter((name) => !result.columns.includes(name))
}

/** The response to a run. PostHog may omit every field except `results`. */
export interface RunResponse extends ResponseFields {
  readonly results: unknown
}

/** The route that runs endpoints. */
export const runRoute = 'POST /api/projects/{project_id}/endpoints/{name}/run/'

/**
 * Reads the response to a run. Fields with an unexpected type count as missing.
 *
 * @throws QueryError if the response reports an error; DecodeError if it has no results
 */
export function readRunResponse(value: unknown, endpointName: string): RunResponse {
  throwReportedError(value, runRoute)
  if (value === null || typeof value !== 'object' || !('results' in value)) {
    throw new DecodeError({
      message: `The response of endpoint "${endpointName}" has no "results".`,
      fix: responseFix,
    })
  }
  return { results: value.results, ...readResponseFields(value) }
}
