import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import { createRowDecoder, readColumns } from '../../runtime/rows/decode-rows.ts'
import type { RunAnswer } from './answer.ts'
import { completeness, type EndpointIncomplete } from './completeness.ts'

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
