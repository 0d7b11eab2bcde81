import { TotalTimeoutError } from '../../runtime/errors/call-errors.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { callHook } from '../../runtime/observe/hooks.ts'
import {
  CollectedRows,
  type Columns,
  collectRows,
  createRowDecoder,
  missingRowsError,
  readColumns,
} from '../../runtime/rows/decode-rows.ts'
import { parseLosslessJson } from '../../runtime/rows/lossless-json.ts'
import type { InternalOptions, Requester } from '../requester.ts'
import { type CacheKey, type CacheRequest, getOrFetch } from '../response-cache.ts'
import { type ResponseFields, readResponseFields, throwReportedError } from '../response-fields.ts'
import { type FinishedQuery, finishedResponse, queryTimeout, runInBackground } from './background.ts'
import { queryCacheKey } from './query-cache-key.ts'
import type { HogQLOptions, QueryProgress } from './query-options.ts'
import { completenessOf, type QueryResult } from './query-result.ts'
import {
  addQueryTo,
  isInBackground,
  prepareQuery,
  queryRoute,
  sendQuery,
  totalTimeoutOf,
} from './send-query.ts'

/** Runs a query and returns its rows as objects. */
export async function runHogQL<Row>(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
): Promise<QueryResult<Row>> {
  const {
    rows,
    response,
    columns,
    requestId,
    age,
    stale = false,
  } = await fetchRows(requester, query, options)
  return {
    // The caller's row type is trusted.
    rows: rows as Row[],
    complete: completenessOf(query, rows.length, response),
    columns: columns.names,
    types: columns.types,
    limit: response.limit,
    cache: { hit: response.is_cached === true, lastRefresh: response.last_refresh, age, stale },
    timezone: response.timezone,
    requestId,
  }
}

/** Decoded rows. */
interface DecodedRows extends Pick<RawRows, 'columns' | 'requestId'> {
  readonly rows: readonly Record<string, unknown>[]
  readonly response: ResponseFields
  readonly age?: number | undefined
  readonly stale?: boolean
}

/** Fetches rows, from the cache if `ttl` is set. Rows that are not cached are decoded as they arrive. */
async function fetchRows(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
): Promise<DecodedRows> {
  const { ttl } = options
  if (ttl !== undefined) {
    const key = queryCacheKey(query, options)
    if (key !== undefined) return cachedRows(requester, query, options, { ...key, ttl })
  }
  const { data, requestId } = await fetchResponse(requester, query, options, {
    bodyReader: () => collectRows(options),
  })
  if (data instanceof CollectedRows) {
    const { rows, columns, rest } = data
    return { rows, columns, response: readResponseFields(rest), requestId }
  }
  const { response, columns } = readRawRows(data)
  return { rows: response.results.map(createRowDecoder(columns, options)), columns, response, requestId }
}

/** Fetches rows through the cache. */
async function cachedRows(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
  key: CacheKey & { readonly ttl: number },
): Promise<DecodedRows> {
  const { signal, totalTimeout: _, onProgress, staleIfThrottled, ...shareable } = options
  const totalTimeout = totalTimeoutOf(requester, options)
  /** Id of the background query that this caller started. */
  let clientQueryId: string | undefined
  const timeoutError = (): Error =>
    clientQueryId === undefined
      ? new TotalTimeoutError(queryRoute, totalTimeout)
      : queryTimeout(clientQueryId, totalTimeout)
  const load: CacheRequest<unknown>['load'] = async (shared, internal) => {
    if (isInBackground(options)) clientQueryId = options.clientQueryId ?? crypto.randomUUID()
    const call = {
      ...shareable,
      ...(clientQueryId === undefined ? {} : { clientQueryId }),
      signal: shared.signal,
      onProgress: (progress: QueryProgress) => {
        for (const caller of shared.callers) {
          callHook(requester.log, 'onProgress', caller.onProgress, progress)
        }
      },
    }
    const response = await fetchResponse(requester, query, call, internal)
    readRawRows(response.data)
    return response
  }
  const read = (data: unknown): Pick<DecodedRows, 'rows' | 'columns' | 'response'> => {
    const { response, columns } = readRawRows(finishedResponse(data))
    return { rows: response.results.map(createRowDecoder(columns, options)), columns, response }
  }
  const request = { ...key, staleIfThrottled, read, load }
  const wait = { signal, totalTimeout, timeoutError, onProgress }
  const { value, ...origin } = await getOrFetch(requester, request, wait)
  return { ...value, ...origin }
}

/** Undecoded rows, with exact integers. */
export interface RawRows {
  readonly response: RowsResponse
  readonly columns: Columns
  readonly requestId: string | undefined
}

/** Runs a query and returns its undecoded rows. */
export async function fetchRawRows(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
): Promise<RawRows> {
  const { data, requestId } = await fetchResponse(requester, query, options)
  return { ...readRawRows(data), requestId }
}

async function fetchResponse(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
  internal: InternalOptions = {},
): Promise<FinishedQuery> {
  const { source, options: call } = await prepareQuery(requester, query, options, internal)
  const response = isInBackground(call)
    ? runInBackground(requester, source, call, internal)
    : sendQuery(requester, source, call, { parse: parseLosslessJson, ...internal }).withResponse()
  const { data, requestId } = await response.catch(addQueryTo(query))
  throwReportedError(data instanceof CollectedRows ? data.rest : data, queryRoute, query)
  return { data, requestId }
}

/** PostHog's response to a query: columns, and rows of cells. */
export interface RowsResponse extends ResponseFields {
  readonly results: readonly unknown[]
  readonly columns: readonly string[]
}

/** Reads a response with rows. */
export function readRawRows(body: unknown): Omit<RawRows, 'requestId'> {
  const { results } = Object(body)
  const { columns: names, ...fields } = readResponseFields(body)
  if (Array.isArray(results) && names !== undefined) {
    const columns = readColumns(names, fields.types)
    return { response: { results, columns: names, ...fields }, columns }
  }
  throw missingRowsError()
}
