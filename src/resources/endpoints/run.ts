import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import { parseExactly } from '../../runtime/rows/parse-exactly.ts'
import type { CallOptions, Requester } from '../requester.ts'
import { readAnswer } from './answer.ts'
import { findDrift, missingColumns, type OnVersionDrift } from './drift.ts'
import type { Endpoint } from './endpoint.ts'
import { type EndpointDebug, type EndpointResult, toResult } from './result.ts'

/** How PostHog may use its cache and the materialised table. */
export type EndpointRefresh =
  /** A cached answer while it is fresh, else the table or the query. PostHog's default. */
  | 'cache'
  /** Past the cache. A materialised endpoint reads its table again, which does not recompute the table. */
  | 'force'
  /** Past cache and table: runs the saved query. Only for materialised endpoints; others answer 400. */
  | 'direct'

/** Options of one run. */
export interface RunOptions extends CallOptions, CellOptions {
  /** Default: `cache`. */
  readonly refresh?: EndpointRefresh
  /** Rows at most; at least 1. HogQL endpoints only. With it, `hasMore` tells whether rows are left. */
  readonly limit?: number
  /** Rows to skip; needs `limit`. Only stable when the saved query has ORDER BY. */
  readonly offset?: number
  /** Adds PostHog's diagnostic fields as `debug`. */
  readonly debug?: boolean
  /** Runs this version instead of the pinned one. */
  readonly version?: number
  /** Id under which the query may be cancelled. Use a fresh one for each run. */
  readonly clientQueryId?: string
  /** Overrides the client's `onVersionDrift`. */
  readonly onVersionDrift?: OnVersionDrift
}

/** Variables may be left out when none is required. */
export type RunArguments<Variables> =
  Record<never, never> extends Variables
    ? [variables?: Variables, options?: RunOptions]
    : [variables: Variables, options?: RunOptions]

/** Fields of an answer that `debug: true` adds. */
const debugFields = [
  'hogql',
  'clickhouse',
  'timings',
  'modifiers',
  'explain',
  'resolved_date_range',
  'cache_key',
  'calculation_trigger',
]

/** Runs an endpoint at its pinned version and shapes the answer. */
export async function runEndpoint<Variables, Row>(
  requester: Requester,
  endpoint: Endpoint<Variables, Row>,
  variables: Variables | undefined,
  options: RunOptions = {},
): Promise<EndpointResult<Row>> {
  const {
    refresh,
    limit,
    offset,
    debug,
    clientQueryId,
    onVersionDrift,
    dates,
    int64,
    version = endpoint.version,
    ...call
  } = options
  const body = withoutUndefined({
    variables,
    refresh,
    limit,
    offset,
    debug,
    version,
    client_query_id: clientQueryId,
  })
  const { data, requestId } = await requester
    .request(
      'POST /api/projects/{project_id}/endpoints/{name}/run/',
      // Names come from the pulled module; their types belong to the caller's endpoint, not to PostHog's schema.
      { path: { name: endpoint.name }, body: body as object },
      {
        ...call,
        parse: parseExactly,
        ...(readsTable(endpoint, version, refresh) ? { throttle: 'materialized' } : {}),
      },
    )
    .withResponse()
  const result = toResult<Row>(readAnswer(data, endpoint.name), {
    cells: withoutUndefined({ dates, int64 }),
    requestedLimit: limit,
    debug: debug === true ? pick(data, debugFields) : undefined,
    requestId,
  })
  report(requester, endpoint, version, result, onVersionDrift ?? requester.config.onVersionDrift)
  return result
}

/** Reads of a materialised table have rate limits of their own, which are wider. */
function readsTable(
  endpoint: Endpoint<unknown, unknown>,
  version: number | undefined,
  refresh: EndpointRefresh | undefined,
): boolean {
  return endpoint.materialized && version === endpoint.version && refresh !== 'direct'
}

function report<Variables, Row>(
  requester: Requester,
  endpoint: Endpoint<Variables, Row>,
  version: number | undefined,
  result: EndpointResult<Row>,
  policy: OnVersionDrift,
): void {
  if (policy === 'ignore') return
  const drift = findDrift(endpoint, version, result)
  if (drift !== undefined && policy === 'throw') throw drift
  if (drift !== undefined) requester.log.warn(`${drift.message} ${drift.fix}`)
  const missing = version === endpoint.version ? missingColumns(endpoint, result) : []
  if (missing.length > 0) {
    requester.log.warn(
      `Endpoint "${endpoint.name}" answered without the columns ${missing.join(', ')}. Run \`typehog endpoints pull\`.`,
    )
  }
}

function withoutUndefined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function pick(data: unknown, names: readonly string[]): EndpointDebug {
  const fields = new Map(Object.entries(data ?? {}))
  return Object.fromEntries(names.filter((name) => fields.has(name)).map((name) => [name, fields.get(name)]))
}
