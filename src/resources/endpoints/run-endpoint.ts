import {
  anything,
  checkOptions,
  count,
  flag,
  givenFields,
  isPlainObject,
  type OptionChecks,
  oneOf,
  text,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { refuseUnwritable } from '../../runtime/config/json-value.ts'
import { APIError } from '../../runtime/errors/api-errors.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import { parseLosslessJson } from '../../runtime/rows/lossless-json.ts'
import { callChecks, cellChecks } from '../query/query-options.ts'
import type { CallOptions, Requester } from '../requester.ts'
import type { Endpoint } from './endpoint.ts'
import {
  type EndpointDebug,
  type EndpointResult,
  findDrift,
  missingColumns,
  type OnVersionDrift,
  readAnswer,
  runRoute,
  toResult,
} from './endpoint-result.ts'

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
  readonly refresh?: EndpointRefresh | undefined
  /** Rows at most; at least 1. HogQL endpoints only. With it, `hasMore` tells whether rows are left. */
  readonly limit?: number | undefined
  /** Rows to skip; needs `limit`. Only stable when the saved query has ORDER BY. */
  readonly offset?: number | undefined
  /** Adds PostHog's diagnostic fields as `debug`. */
  readonly debug?: boolean | undefined
  /** Runs this version instead of the pinned one. */
  readonly version?: number | undefined
  /** Id under which the query may be cancelled. Use a fresh one for each run. */
  readonly clientQueryId?: string | undefined
  /** Overrides the client's `onVersionDrift`. */
  readonly onVersionDrift?: OnVersionDrift | undefined
}

/** Variables may be left out when none is required. */
export type RunArguments<Variables> =
  Record<never, never> extends Variables
    ? [variables?: Variables, options?: RunOptions]
    : [variables: Variables, options?: RunOptions]

const runChecks: OptionChecks<RunOptions> = {
  ...callChecks,
  ...cellChecks,
  validate: anything,
  refresh: oneOf('cache', 'force', 'direct'),
  limit: count(1),
  offset: count(0),
  debug: flag,
  version: count(1),
  clientQueryId: text(),
  onVersionDrift: oneOf('throw', 'warn', 'ignore'),
}

/**
 * Refuses wrong arguments of `endpoints.run` before anything is sent.
 *
 * @throws ConfigurationError that names the argument
 */
export function checkRun(endpoint: unknown, variables: unknown, options: unknown): void {
  const { name, columns } = Object(endpoint)
  if (!isPlainObject(endpoint) || !text().accepts(name) || !Array.isArray(columns)) {
    throw unexpected(
      'The endpoint of `endpoints.run`',
      endpoint,
      'an endpoint with `name` and `columns`',
      'Pass one of the module that `typehog endpoints pull` writes. Nothing was sent.',
    )
  }
  if (variables !== undefined) {
    if (!isPlainObject(variables)) throw unexpected('`variables`', variables, 'an object of variables')
    refuseUnwritable('variables', variables)
  }
  checkOptions('endpoints.run', options, runChecks)
  const { limit, offset } = Object(options)
  if (offset !== undefined && limit === undefined) {
    throw new ConfigurationError({
      message: '`offset` has no meaning without `limit`.',
      fix: 'Pass `limit` too: the rows of one page. Nothing was sent.',
    })
  }
}

/** A team's own endpoints: named, versioned queries behind an HTTP route. */
export interface Endpoints {
  /**
   * Runs an endpoint with its variables, at the version that it is pinned to, and returns its rows as objects.
   * Sent again after failures like any read.
   *
   * @throws MissingVariablesError when PostHog requires a variable that was not sent
   * @throws BadRequestError for unknown variables and options that the endpoint does not take
   * @throws NotFoundError when the endpoint or the version is gone or inactive
   * @throws VersionDriftError when PostHog ran another version (see the option `onVersionDrift`)
   * @example
   * const { rows, version } = await posthog.endpoints.run(endpoints.signupsByCountry, { country: 'DE' })
   */
  run<Variables, Row>(
    endpoint: Endpoint<Variables, Row>,
    ...args: RunArguments<NoInfer<Variables>>
  ): Promise<EndpointResult<Row>>
}

/** Binds the endpoint calls to a client. */
export function createEndpoints(requester: Requester): Endpoints {
  return {
    async run(endpoint, ...[variables, options]) {
      return runEndpoint(requester, endpoint, variables, options)
    },
  }
}

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
  checkRun(endpoint, variables, options)
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
  const body = givenFields({
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
      runRoute,
      // Names come from the pulled module; their types belong to the caller's endpoint, not to PostHog's schema.
      { path: { name: endpoint.name }, body: body as object },
      call,
      {
        parse: parseLosslessJson,
        ...(readsTable(endpoint, version, refresh) ? { throttle: 'materialized' } : {}),
      },
    )
    .withResponse()
    .catch(nameRun)
  const result = toResult<Row>(readAnswer(data, endpoint.name), {
    cells: givenFields({ dates, int64 }),
    requestedLimit: limit,
    debug: debug === true ? pick(data, debugFields) : undefined,
    requestId,
  })
  report(requester, endpoint, version, result, onVersionDrift ?? requester.config.onVersionDrift)
  return result
}

/** Adds the id of the run to the error of one that failed, where PostHog names it. */
function nameRun(error: unknown): never {
  if (error instanceof APIError) {
    const { execution_id: executionId } = Object(error.extra)
    if (typeof executionId === 'string') Object.assign(error, { executionId })
  }
  throw error
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

function pick(data: unknown, names: readonly string[]): EndpointDebug {
  const fields = new Map(Object.entries(data ?? {}))
  return Object.fromEntries(names.filter((name) => fields.has(name)).map((name) => [name, fields.get(name)]))
}
