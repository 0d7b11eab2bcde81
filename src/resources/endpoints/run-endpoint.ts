import {
  anything,
  booleanOption,
  checkOptions,
  givenFields,
  integerBetween,
  isEndpoint,
  isPlainObject,
  nonEmptyString,
  type OptionChecks,
  oneOf,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { assertJsonValue } from '../../runtime/config/json-value.ts'
import { APIError } from '../../runtime/errors/api-errors.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { parseLosslessJson } from '../../runtime/rows/lossless-json.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import { cacheChecks, callChecks, cellChecks, checkCacheOptions } from '../query/query-options.ts'
import type { CallOptions, InternalOptions, Requester } from '../requester.ts'
import type { CachedResult } from '../response-cache.ts'
import {
  type EndpointDebug,
  type EndpointResult,
  findDrift,
  missingColumns,
  type OnVersionDrift,
  type RunResponse,
  readRunResponse,
  runRoute,
  toResult,
} from './endpoint-result.ts'
import type { EndpointName, NamedRow, NamedVariables } from './registry.ts'
import { cachedRun, type RawRun } from './run-cache.ts'
import type { EndpointRefresh, RunArguments, RunOptions } from './run-options.ts'

const runChecks: OptionChecks<RunOptions> = {
  ...callChecks,
  ...cellChecks,
  ...cacheChecks,
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
  if (!nonEmptyString().accepts(endpoint) && !isEndpoint(endpoint)) {
    throw unexpected(
      'The endpoint of `endpoints.run`',
      endpoint,
      'the name of an endpoint, or an endpoint with `name` and `columns`',
      'Pass an endpoint from the module that `typehog endpoints pull` writes. Nothing was sent.',
    )
  }
  if (variables !== undefined) {
    if (!isPlainObject(variables)) throw unexpected('`variables`', variables, 'an object of variables')
    assertJsonValue('variables', variables)
  }
  checkOptions('endpoints.run', options, runChecks)
  const { limit, offset, staleIfThrottled } = Object(options)
  if (staleIfThrottled !== undefined) checkCacheOptions('endpoints.run', Object(options))
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
   * Runs an endpoint and returns its rows as objects. Typehog retries it like any read.
   *
   * Pass an endpoint that `typehog endpoints pull` or `defineEndpoint` made, or its name. A name runs the version that
   * the client's option `endpoints` pins, else the latest. `EndpointRegistry` types it.
   *
   * @throws MissingVariablesError if a required variable is missing
   * @throws BadRequestError for unknown variables, and options that the endpoint does not support
   * @throws NotFoundError if the endpoint or the version is missing or inactive
   * @throws VersionDriftError if PostHog ran another version (see the option `onVersionDrift`)
   * @example
   * const { rows, version } = await posthog.endpoints.run(endpoints.signupsByCountry, { country: 'DE' })
   */
  // One signature, not two: the compiler then names the wrong variable instead of "No overload matches".
  run<Name extends EndpointName = never, Variables = NamedVariables<Name>, Row = NamedRow<Name>>(
    endpoint: Endpoint<Variables, Row> | Name,
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

/** An endpoint at the version to run, without the types of its variables. */
type RunTarget<Row = unknown> = Pick<Endpoint<unknown, Row>, 'name' | 'version' | 'materialized' | 'columns'>

/** Runs an endpoint at its pinned version and converts the response. */
async function runEndpoint<Row>(
  requester: Requester,
  target: RunTarget<Row> | string,
  variables: unknown,
  options: RunOptions = {},
): Promise<EndpointResult<Row>> {
  checkRun(target, variables, options)
  const endpoint = typeof target === 'string' ? endpointNamed(requester, target) : target
  const {
    refresh,
    limit,
    offset,
    debug,
    clientQueryId,
    onVersionDrift,
    dates,
    int64,
    ttl,
    staleIfThrottled,
    version = endpoint.version,
    ...call
  } = options
  const { name } = endpoint
  const body = givenFields({
    variables,
    refresh,
    limit,
    offset,
    debug,
    version,
    client_query_id: clientQueryId,
  })
  const throttle = readsTable(endpoint, version, refresh) ? 'materialized' : undefined
  const send = async (options: CallOptions, internal: InternalOptions): Promise<RawRun> => {
    // The pulled module types the variables; PostHog's schema does not know them.
    const input = { path: { name }, body: body as object }
    return requester
      .request(runRoute, input, options, { ...internal, throttle })
      .withResponse()
      .catch(addExecutionId)
  }
  const { value, requestId, age, stale } =
    ttl === undefined
      ? uncached(await send(call, { parse: parseLosslessJson }), name)
      : await cachedRun(requester, { name, body, call, send }, { ttl, staleIfThrottled })
  const result = toResult<Row>(value.response, {
    cells: givenFields({ dates, int64 }),
    requestedLimit: limit,
    debug: debug === true ? pick(value.data, debugFields) : undefined,
    requestId,
    age,
    stale,
  })
  reportDrift(requester, endpoint, version, result, onVersionDrift ?? requester.config.onVersionDrift)
  return result
}

/** The endpoint that the client pins for a name, or else its latest version. */
function endpointNamed({ config }: Requester, name: string): RunTarget<never> {
  // The registry types the rows of a name.
  const pinned = config.endpoints.get(name) as RunTarget<never> | undefined
  return pinned ?? { name, materialized: false, columns: [] }
}

function uncached(
  { data, requestId }: RawRun,
  name: string,
): CachedResult<{ readonly data: unknown; readonly response: RunResponse }> {
  return { value: { data, response: readRunResponse(data, name) }, requestId, age: undefined, stale: false }
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
  endpoint: RunTarget,
  version: number | undefined,
  refresh: EndpointRefresh | undefined,
): boolean {
  return endpoint.materialized && version === endpoint.version && refresh !== 'direct'
}

function reportDrift<Row>(
  requester: Requester,
  endpoint: RunTarget,
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
