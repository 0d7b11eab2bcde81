import {
  anything,
  booleanOption,
  checkOptions,
  givenFields,
  integerBetween,
  isPlainObject,
  nonEmptyString,
  type OptionChecks,
  oneOf,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { assertJsonValue } from '../../runtime/config/json-value.ts'
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
  readRunResponse,
  runRoute,
  toResult,
} from './endpoint-result.ts'

/** How PostHog uses its cache and the materialized table. */
export type EndpointRefresh =
  /** Returns a fresh cached result, else reads the table or runs the query. PostHog's default. */
  | 'cache'
  /** Bypasses the cache. A materialized endpoint reads its table again, without recomputing it. */
  | 'force'
  /** Bypasses cache and table and runs the saved query. Materialized endpoints only; others return 400. */
  | 'direct'

/** Options of `endpoints.run`. */
export interface RunOptions extends CallOptions, CellOptions {
  /** Use of PostHog's cache and the materialized table. Default: `cache`. */
  readonly refresh?: EndpointRefresh | undefined
  /** Maximum number of rows, from 1. HogQL endpoints only. Sets `hasMore` of the result. */
  readonly limit?: number | undefined
  /** Rows to skip. Needs `limit`, and a saved query with ORDER BY to be stable. */
  readonly offset?: number | undefined
  /** Adds PostHog's diagnostic fields as `debug`. */
  readonly debug?: boolean | undefined
  /** Version to run instead of the pinned one. */
  readonly version?: number | undefined
  /** Query id, for example to cancel the query. Use a new one for each run. */
  readonly clientQueryId?: string | undefined
  /** Overrides the client's `onVersionDrift`. */
  readonly onVersionDrift?: OnVersionDrift | undefined
}

/** Arguments of `endpoints.run`. Variables are optional if none is required. */
export type RunArguments<Variables> =
  Record<never, never> extends Variables
    ? [variables?: Variables, options?: RunOptions]
    : [variables: Variables, options?: RunOptions]

const runChecks: OptionChecks<RunOptions> = {
  ...callChecks,
  ...cellChecks,
  validate: anything,
  refresh: oneOf('cache', 'force', 'direct'),
  limit: integerBetween(1),
  offset: integerBetween(0),
  debug: booleanOption,
  version: integerBetween(1),
  clientQueryId: nonEmptyString(),
  onVersionDrift: oneOf('throw', 'warn', 'ignore'),
}

/**
 * Validates the arguments of `endpoints.run` before sending a request.
 *
 * @throws ConfigurationError naming the argument
 */
export function checkRun(endpoint: unknown, variables: unknown, options: unknown): void {
  const { name, columns } = Object(endpoint)
  if (!isPlainObject(endpoint) || !nonEmptyString().accepts(name) || !Array.isArray(columns)) {
    throw unexpected(
      'The endpoint of `endpoints.run`',
      endpoint,
      'an endpoint with `name` and `columns`',
      'Pass an endpoint from the module that `typehog endpoints pull` writes. Nothing was sent.',
    )
  }
  if (variables !== undefined) {
    if (!isPlainObject(variables)) throw unexpected('`variables`', variables, 'an object of variables')
    assertJsonValue('variables', variables)
  }
  checkOptions('endpoints.run', options, runChecks)
  const { limit, offset } = Object(options)
  if (offset !== undefined && limit === undefined) {
    throw new ConfigurationError({
      message: '`offset` requires `limit`.',
      fix: 'Pass `limit`, the number of rows per page. Nothing was sent.',
    })
  }
}

/** Running of endpoints: saved, versioned queries behind an HTTP route. */
export interface Endpoints {
  /**
   * Runs an endpoint at its pinned version and returns its rows as objects. Typehog retries it like any read.
   *
   * @throws MissingVariablesError if a required variable is missing
   * @throws BadRequestError for unknown variables, and options that the endpoint does not support
   * @throws NotFoundError if the endpoint or the version is missing or inactive
   * @throws VersionDriftError if PostHog ran another version (see the option `onVersionDrift`)
   * @example
   * const { rows, version } = await posthog.endpoints.run(endpoints.signupsByCountry, { country: 'DE' })
   */
  run<Variables, Row>(
    endpoint: Endpoint<Variables, Row>,
    ...args: RunArguments<NoInfer<Variables>>
  ): Promise<EndpointResult<Row>>
}

/** Creates `endpoints.run`. */
export function createEndpoints(requester: Requester): Endpoints {
  return {
    async run(endpoint, ...[variables, options]) {
      return runEndpoint(requester, endpoint, variables, options)
    },
  }
}

/** Response fields that `debug: true` adds. */
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

/** Runs an endpoint at its pinned version and converts the response. */
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
      // The pulled module types the variables; PostHog's schema does not know them.
      { path: { name: endpoint.name }, body: body as object },
      call,
      {
        parse: parseLosslessJson,
        ...(readsTable(endpoint, version, refresh) ? { throttle: 'materialized' } : {}),
      },
    )
    .withResponse()
    .catch(addExecutionId)
  const result = toResult<Row>(readRunResponse(data, endpoint.name), {
    cells: givenFields({ dates, int64 }),
    requestedLimit: limit,
    debug: debug === true ? pick(data, debugFields) : undefined,
    requestId,
  })
  reportDrift(requester, endpoint, version, result, onVersionDrift ?? requester.config.onVersionDrift)
  return result
}

/** Adds the execution id to the error of a failed run, if PostHog reports it. */
function addExecutionId(error: unknown): never {
  if (error instanceof APIError) {
    const { execution_id: executionId } = Object(error.extra)
    if (typeof executionId === 'string') Object.assign(error, { executionId })
  }
  throw error
}

/** Whether a run reads the materialized table. Such reads have their own, higher rate limits. */
function readsTable(
  endpoint: Endpoint<unknown, unknown>,
  version: number | undefined,
  refresh: EndpointRefresh | undefined,
): boolean {
  return endpoint.materialized && version === endpoint.version && refresh !== 'direct'
}

function reportDrift<Variables, Row>(
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
      `Endpoint "${endpoint.name}" returned no columns ${missing.join(', ')}. Run \`typehog endpoints pull\`.`,
    )
  }
}

function pick(data: unknown, names: readonly string[]): EndpointDebug {
  const fields = new Map(Object.entries(data ?? {}))
  return Object.fromEntries(names.filter((name) => fields.has(name)).map((name) => [name, fields.get(name)]))
}
