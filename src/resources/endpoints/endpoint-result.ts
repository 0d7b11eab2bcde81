import { DecodeError, VersionDriftError } from '../../runtime/errors/result-errors.ts'
import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import { createRowDecoder, readColumns } from '../../runtime/rows/decode-rows.ts'
import {
  defaultRowLimit,
  engineRowCap,
  type Incomplete,
  refuseReportedError,
} from '../../runtime/rows/incomplete.ts'
import { responseFix } from '../../runtime/rows/lossless-json.ts'
import { type ResponseFields, readResponseFields } from '../response-fields.ts'
import type { Endpoint } from './endpoint.ts'

/** When an answer was computed and how long PostHog keeps it. Times are ISO 8601 as the server wrote them. */
export interface EndpointCache {
  /** Whether the answer came from PostHog's cache. */
  readonly hit: boolean
  readonly lastRefresh: string | undefined
  /** When the cached answer stops being fresh. */
  readonly targetAge: string | undefined
  readonly nextAllowedRefresh: string | undefined
}

/** Diagnostic fields that a run with `debug: true` adds; what is in them is PostHog's and not stable. */
export type EndpointDebug = Readonly<Record<string, unknown>>

/** The answer of one run. */
export interface EndpointResult<Row> {
  /** Rows as objects by column name; for insight kinds the items of the insight's result. */
  readonly rows: Row[]
  /** `true`, or why rows may be missing. */
  readonly complete: true | EndpointIncomplete
  /** Column names in order, as keys of the rows. Empty for insight kinds. */
  readonly columns: readonly string[]
  /** ClickHouse type of each column, where the server told it. */
  readonly types: readonly (string | undefined)[]
  /** The version that ran. */
  readonly version: number | undefined
  /** When that version was saved, ISO 8601. */
  readonly versionCreatedAt: string | undefined
  /** Whether a materialised table served the rows. */
  readonly materialized: boolean
  /** When that table was filled, ISO 8601. */
  readonly materializedAt: string | undefined
  /** Names this run in the endpoint's logs. */
  readonly executionId: string | undefined
  /** Whether the server says that more rows follow. Only known when the run had a `limit`. */
  readonly hasMore: boolean
  /** The limit and offset that the server applied. */
  readonly limit: number | undefined
  readonly offset: number | undefined
  readonly cache: EndpointCache
  /** Time zone of the project, by which the server groups days. */
  readonly timezone: string | undefined
  /** Set when the run asked for `debug`. */
  readonly debug: EndpointDebug | undefined
  readonly requestId: string | undefined
}

/** Facts about the call that the answer does not carry. */
export interface RunFacts {
  readonly cells?: CellOptions
  readonly requestedLimit: number | undefined
  readonly debug: EndpointDebug | undefined
  readonly requestId: string | undefined
}

/** Shapes an answer. `Row` is what the caller's endpoint says; nothing is checked against it. */
export function toResult<Row>(answer: RunAnswer, facts: RunFacts): EndpointResult<Row> {
  const columns = readColumns(answer.columns ?? [], answer.types)
  const results = Array.isArray(answer.results)
    ? answer.results
    : answer.results === null
      ? []
      : [answer.results]
  const hasMore = answer.hasMore ?? false
  const complete =
    answer.columns === undefined
      ? !hasMore || ({ reason: 'page', limit: results.length } as const)
      : completeness({
          rows: results.length,
          hasMore,
          requestedLimit: facts.requestedLimit,
          answeredLimit: answer.limit,
        })
  return {
    // The pulled endpoint's row type is the only thing known of these values.
    rows: (answer.columns === undefined
      ? results
      : results.map(createRowDecoder(columns, facts.cells ?? {}))) as Row[],
    complete,
    columns: columns.names,
    types: columns.types,
    version: answer.endpoint_version,
    versionCreatedAt: answer.endpoint_version_created_at,
    materialized: answer.endpoint_materialized ?? false,
    materializedAt: answer.endpoint_materialized_at,
    executionId: answer.execution_id,
    hasMore,
    limit: answer.limit,
    offset: answer.offset,
    cache: {
      hit: answer.is_cached ?? false,
      lastRefresh: answer.last_refresh,
      targetAge: answer.cache_target_age,
      nextAllowedRefresh: answer.next_allowed_client_refresh,
    },
    timezone: answer.timezone,
    debug: facts.debug,
    requestId: facts.requestId,
  }
}

/** Why the rows of an endpoint may be missing. With a `limit` of the run, `page` says that it was reached. */
export type EndpointIncomplete = Incomplete<'page' | 'row_limit' | 'row_cap'>

/** What the decision needs to know of an answer. */
export interface RowCount {
  readonly rows: number
  readonly hasMore: boolean
  /** The `limit` that the caller sent. */
  readonly requestedLimit: number | undefined
  /** The `limit` in the answer. */
  readonly answeredLimit: number | undefined
}

/**
 * Whether an endpoint's rows are all there are. Without `limit` PostHog says `hasMore: false` whatever it cut off,
 * so a result that is exactly as long as a limit of PostHog's is never called complete. A saved query with its own
 * LIMIT is what its author asked for.
 */
export function completeness({
  rows,
  hasMore,
  requestedLimit,
  answeredLimit,
}: RowCount): true | EndpointIncomplete {
  const limit = requestedLimit ?? answeredLimit ?? rows
  if (hasMore) return { reason: 'page', limit }
  if (rows >= engineRowCap) return { reason: 'row_cap', limit: engineRowCap }
  if (requestedLimit !== undefined) {
    const isClamped = answeredLimit !== undefined && answeredLimit < requestedLimit && rows >= answeredLimit
    return isClamped ? { reason: 'row_cap', limit: answeredLimit } : true
  }
  const applied = answeredLimit ?? defaultRowLimit
  return rows > 0 && rows === applied ? { reason: 'row_limit', limit: applied } : true
}

/** What to do when PostHog ran another version than the one asked for. */
export type OnVersionDrift = 'throw' | 'warn' | 'ignore'

/** What was asked for and what came, when the two differ. */
export function findDrift(
  endpoint: Pick<Endpoint, 'name'>,
  asked: number | undefined,
  result: Pick<EndpointResult<unknown>, 'version'>,
): VersionDriftError | undefined {
  if (asked === undefined || result.version === undefined || result.version === asked) return undefined
  return new VersionDriftError({
    endpoint: endpoint.name,
    pinned: asked,
    served: result.version,
    message: `Endpoint "${endpoint.name}" is pinned to version ${asked}, and PostHog ran version ${result.version}.`,
    fix: 'Run `typehog endpoints pull` and look at what changed.',
  })
}

/** Columns that the rows' type promises and the answer does not have. */
export function missingColumns(
  endpoint: Pick<Endpoint, 'columns'>,
  result: Pick<EndpointResult<unknown>, 'columns'>,
): readonly string[] {
  if (result.columns.length === 0) return []
  return endpoint.columns.map(({ name }) => name).filter((name) => !result.columns.includes(name))
}

/** What PostHog answers to a run, as far as it is relied upon. Every field but `results` may be missing. */
export interface RunAnswer extends ResponseFields {
  readonly results: unknown
}

/** The operation that runs endpoints. */
export const runRoute = 'POST /api/projects/{project_id}/endpoints/{name}/run/'

/**
 * Keeps the fields of an answer that have the type they should have; the others count as missing.
 *
 * @throws QueryError for an answer that says that the query failed, DecodeError for one without results
 */
export function readAnswer(value: unknown, endpointName: string): RunAnswer {
  refuseReportedError(value, runRoute)
  if (value === null || typeof value !== 'object' || !('results' in value)) {
    throw new DecodeError({
      message: `The answer of endpoint "${endpointName}" has no "results".`,
      fix: responseFix,
    })
  }
  return { results: value.results, ...readResponseFields(value) }
}
