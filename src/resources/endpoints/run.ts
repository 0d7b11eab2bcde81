import { givenFields } from '../../runtime/config/check-options.ts'
import { APIError } from '../../runtime/errors/api-errors.ts'
import { parseLosslessJson } from '../../runtime/rows/lossless-json.ts'
import type { Requester } from '../requester.ts'
import { readAnswer, runRoute } from './answer.ts'
import { checkRun } from './check-run.ts'
import { findDrift, missingColumns, type OnVersionDrift } from './drift.ts'
import type { Endpoint } from './endpoint.ts'
import { type EndpointDebug, type EndpointResult, toResult } from './result.ts'
import type { EndpointRefresh, RunOptions } from './run-options.ts'

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
      {
        ...call,
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
