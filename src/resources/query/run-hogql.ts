import type { SharedCall } from '../../runtime/cache/in-flight.ts'
import { TotalTimeoutError } from '../../runtime/errors/call-errors.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { callHook } from '../../runtime/observe/hooks.ts'
import {
  CollectedRows,
  type Columns,
  collectRows,
  createRowDecoder,
  noRows,
  readColumns,
} from '../../runtime/rows/decode-rows.ts'
import { refuseReportedError } from '../../runtime/rows/incomplete.ts'
import { parseLosslessJson } from '../../runtime/rows/lossless-json.ts'
import { withinDeadline } from '../../runtime/transport/deadline.ts'
import type { InternalOptions, Requester } from '../requester.ts'
import { type ResponseFields, readResponseFields } from '../response-fields.ts'
import { type FinishedQuery, finishedResponse, queryTimeout, runInBackground } from './background.ts'
import {
  type CacheCaller,
  type CacheRequestFacts,
  cacheRequestOf,
  getOrFetch,
  type RawResponse,
} from './query-cache.ts'
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

/** Runs a query and makes objects of its rows. */
export async function runHogQL<Row>(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
): Promise<QueryResult<Row>> {
  const { rows, answer, columns, requestId, age, stale = false } = await fetchRows(requester, query, options)
  return {
    // What the caller says of the rows is all that is known of them.
    rows: rows as Row[],
    complete: completenessOf(query, rows.length, answer),
    columns: columns.names,
    types: columns.types,
    limit: answer.limit,
    cache: { hit: answer.is_cached === true, lastRefresh: answer.last_refresh, age, stale },
    timezone: answer.timezone,
    requestId,
  }
}

/** Rows as objects. */
interface Rows extends Pick<Cells, 'columns' | 'requestId'> {
  readonly rows: readonly Record<string, unknown>[]
  readonly answer: ResponseFields
  readonly age?: number | undefined
  readonly stale?: boolean
}

/** Makes objects of the rows as they arrive; of those that come in one piece, behind them. */
async function fetchRows(requester: Requester, query: HogQL<unknown>, options: HogQLOptions): Promise<Rows> {
  const { ttl } = options
  if (ttl !== undefined) {
    const question = cacheRequestOf(query, options)
    if (question !== undefined) return cachedRows(requester, query, options, { ...question, ttl })
  }
  const { data, requestId } = await fetchResponse(requester, query, options, {
    bodyReader: () => collectRows(options),
  })
  if (data instanceof CollectedRows) {
    const { rows, columns, rest } = data
    return { rows, columns, answer: readResponseFields(rest), requestId }
  }
  const { answer, columns } = readCells(data)
  return { rows: answer.results.map(createRowDecoder(columns, options)), columns, answer, requestId }
}

/** Rows of an answer that may come from the cache. */
async function cachedRows(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
  described: CacheRequestFacts & { readonly ttl: number },
): Promise<Rows> {
  const { signal, totalTimeout: _, onProgress, staleIfThrottled, ...shareable } = options
  const ms = totalTimeoutOf(requester, options)
  /** Of the query in the background that this caller began. */
  let clientQueryId: string | undefined
  const timeout = (): Error =>
    clientQueryId === undefined ? new TotalTimeoutError(queryRoute, ms) : queryTimeout(clientQueryId, ms)
  const load = async (shared: SharedCall<CacheCaller>): Promise<RawResponse> => {
    let text = ''
    const parse = (body: string): unknown => {
      text = body
      return parseLosslessJson(body)
    }
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
    const answer = await fetchResponse(requester, query, call, { parse, timeLeft: shared.timeLeft })
    // What cannot be read is not worth caching.
    readCells(answer.data)
    return { text, requestId: answer.requestId }
  }
  const read = (text: string): Pick<Rows, 'rows' | 'columns' | 'answer'> => {
    const { answer, columns } = readCells(finishedResponse(parseLosslessJson(text)))
    return { rows: answer.results.map(createRowDecoder(columns, options)), columns, answer }
  }
  return withinDeadline(requester.platform, ms, signal, timeout, async (deadline) => {
    const question = { ...described, staleIfThrottled, read, load }
    const { value, ...origin } = await getOrFetch(requester, question, { ...deadline, onProgress })
    return { ...value, ...origin }
  })
}

/** Rows as PostHog wrote them, but with exact integers. */
export interface Cells {
  readonly answer: RowsResponse
  readonly columns: Columns
  readonly requestId: string | undefined
}

/** Runs a query. */
export async function fetchCells(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
): Promise<Cells> {
  const { data, requestId } = await fetchResponse(requester, query, options)
  return { ...readCells(data), requestId }
}

async function fetchResponse(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
  internal: InternalOptions = {},
): Promise<FinishedQuery> {
  const { source, options: call } = await prepareQuery(requester, query, options, internal)
  const answer = isInBackground(call)
    ? runInBackground(requester, source, call, internal)
    : sendQuery(requester, source, call, { parse: parseLosslessJson, ...internal }).withResponse()
  const { data, requestId } = await answer.catch(addQueryTo(query))
  refuseReportedError(data instanceof CollectedRows ? data.rest : data, queryRoute, query)
  return { data, requestId }
}

/** What PostHog answers to a query: rows of cells under columns. */
export interface RowsResponse extends ResponseFields {
  readonly results: readonly unknown[]
  readonly columns: readonly string[]
}

/** Reads an answer of rows. */
export function readCells(body: unknown): Omit<Cells, 'requestId'> {
  const { results } = Object(body)
  const { columns: names, ...fields } = readResponseFields(body)
  if (Array.isArray(results) && names !== undefined) {
    const columns = readColumns(names, fields.types)
    return { answer: { results, columns: names, ...fields }, columns }
  }
  throw noRows()
}
