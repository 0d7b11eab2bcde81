import { checkSignal } from '../../../runtime/config/check-options.ts'
import { QueryError, QueryTimeoutError } from '../../../runtime/errors/api-errors.ts'
import {
  type AttemptRecord,
  CallError,
  ConnectionError,
  IdleTimeoutError,
} from '../../../runtime/errors/call-errors.ts'
import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import { backoff } from '../../../runtime/retry/timing.ts'
import { type Columns, createRowDecoder } from '../../../runtime/rows/decode-rows.ts'
import { engineRowCap } from '../../../runtime/rows/incomplete.ts'
import { watchSignal } from '../../../runtime/transport/deadline.ts'
import type { Requester } from '../../requester.ts'
import type { ResponseFields } from '../../response-fields.ts'
import type { HogQLOptions } from '../query-options.ts'
import { describeColumns, noNextPage, repeatedPage } from './check-stream.ts'
import { type Key, keyAt, keyReader, type PageSpan, pageQuery, sameKey, writeKey } from './keyset.ts'
import { readCells, requestCells } from './stream-cells.ts'
import type { StreamOptions, StreamPage } from './stream-options.ts'
import { type TimeWindows, timestampOf } from './time-windows.ts'
import { createWindowQueries } from './window-queries.ts'

/** Buffers the rows with the last key until all of them have arrived. */
export interface TieBuffer {
  /** Rows that are still buffered. */
  readonly buffered: readonly unknown[]
  /** Adds rows. Returns the rows that are complete and the key of the first buffered row. */
  add(rows: readonly unknown[]): { readonly rows: readonly unknown[]; readonly key: Key } | undefined
}

/** Creates a buffer for rows in key order. A row without a key stays with the last row that has one. */
function createTieBuffer(keyOf: (row: unknown) => Key | undefined): TieBuffer {
  let buffered: readonly unknown[] = []
  let last: Key | undefined
  return {
    get buffered() {
      return buffered
    },
    add(batch) {
      let cut = batch.findLastIndex((row) => keyOf(row) !== undefined)
      const key = keyOf(batch[cut])
      if (key === undefined || sameKey(key, last)) {
        buffered = buffered.concat(batch)
        return undefined
      }
      while (cut > 0 && sameKey(key, keyOf(batch[cut - 1]))) cut -= 1
      const rows = buffered.concat(batch.slice(0, cut))
      buffered = batch.slice(cut)
      last = key
      return rows.length === 0 ? undefined : { rows, key }
    },
  }
}

/** A query that is read in key order. */
export interface OrderedQuery<Row> extends Pick<StreamOptions, 'pageSize' | 'concurrency'> {
  readonly requester: Requester
  /** Returns the query for a time window in milliseconds since 1970, or for the whole range. */
  readonly query: (from?: number, to?: number) => HogQL<Row>
  readonly options: HogQLOptions
  readonly orderBy: readonly string[]
  /** Overrides the cell options; see `RowSource.pages`. */
  readonly raw: boolean
  /** The windows of the time range, if there is one. */
  readonly windows: TimeWindows | undefined
}

/**
 * Streams all rows from a key on. The next page starts at the last key of a page, whose rows are buffered: ties are
 * neither lost nor duplicated, and a broken connection repeats only the rows after the last key. A broken response
 * counts as one of the `maxAttempts` of its page. With `concurrency`, PostHog runs the queries of later windows
 * meanwhile. The end of the stream aborts them.
 */
export async function* orderedPages<Row>(
  ordered: OrderedQuery<Row>,
  start: Key | undefined,
): AsyncGenerator<StreamPage<Row>, undefined> {
  const { signal } = ordered.options
  checkSignal(signal)
  const controller = new AbortController()
  const stopWatching = signal && watchSignal(signal).onAbort(() => controller.abort(signal.reason))
  try {
    yield* readPages({ ...ordered, options: { ...ordered.options, signal: controller.signal } }, start)
  } finally {
    stopWatching?.()
    controller.abort()
  }
}

/** What the columns of a query decide: its keys and pages. */
interface RowReader<Row> {
  readonly columns: Columns
  readonly keyOf: (row: unknown) => Key | undefined
  readonly page: (rows: readonly unknown[], next: Key | undefined) => StreamPage<Row>
}

async function createRowReader<Row>(ordered: OrderedQuery<Row>): Promise<RowReader<Row>> {
  const { requester, query, options, orderBy, raw, windows } = ordered
  const columns = await describeColumns(requester, query(), options)
  const decode = createRowDecoder(columns, raw ? 'raw' : options)
  return {
    columns,
    keyOf: keyReader(columns, orderBy),
    page: (rows, next) => ({
      // `Row` is trusted.
      rows: rows.map(decode) as Row[],
      columns: columns.names,
      types: columns.types,
      next: next && writeKey(next),
      progress: windows && (next === undefined ? 1 : windows.progress(keyTime(next))),
    }),
  }
}

async function* readPages<Row>(
  ordered: OrderedQuery<Row>,
  start: Key | undefined,
): AsyncGenerator<StreamPage<Row>, undefined> {
  const { requester, query, options, orderBy, windows, pageSize = engineRowCap, concurrency = 1 } = ordered
  const creating = createRowReader(ordered)
  // Nothing awaits it if an invalid `after` throws first.
  creating.catch(() => {})
  // With `concurrency`, the query of the first page runs meanwhile.
  if (concurrency === 1) await creating
  const { retry } = requester.config
  const maxAttempts = options.maxAttempts ?? retry.maxAttempts
  const { sleep, monotonic, random } = requester.platform
  const rangeQuery = (span: PageSpan, since?: number): HogQL<unknown> =>
    pageQuery(query(since, span.until), orderBy, span, pageSize)
  const queries = createWindowQueries({
    concurrency,
    monotonic,
    to: windows?.to ?? 0,
    end: (since) => windows?.end(since) ?? since,
    request: (since, until) =>
      requestCells(requester, rangeQuery({ from: keyAt(since), until }, since), { ...options, maxAttempts }),
  })
  const endOf = (since: number): number => Math.min(windows?.end(since) ?? since, queries.start)
  let from = start
  /** Attempts for the page that starts at `from`. */
  let attempts: readonly AttemptRecord[] = []
  for (;;) {
    const since = windows && from ? keyTime(from) : undefined
    const sent = queries.take(since)
    const until = sent?.until ?? (since === undefined ? undefined : endOf(since))
    const query = rangeQuery({ from, until }, since)
    const call = { ...options, maxAttempts: maxAttempts - attempts.length }
    const response = sent?.response ?? queries.send(() => requestCells(requester, query, call))
    const { columns, keyOf, page } = await creating
    const ties = createTieBuffer(keyOf)
    let rest: ResponseFields = {}
    let count = 0
    let moved = false
    let queryMs = 0
    const pageStart = from
    try {
      // The first page shows how many rows a window has.
      if (concurrency > 1 && until !== undefined && from !== start) queries.sendFrom(until)
      const { cells, ms } = await response
      queryMs = ms
      for await (const batch of readCells(requester, query, cells, columns)) {
        rest = batch.rest ?? rest
        count += batch.rows.length
        const complete = ties.add(batch.rows)
        if (complete === undefined) continue
        from = complete.key
        moved = true
        attempts = []
        yield page(complete.rows, from)
      }
    } catch (error) {
      if (isTooCostly(error) && windows?.narrow((until ?? 0) - (since ?? 0))) {
        attempts = []
        continue
      }
      if (!(error instanceof CallError)) throw error
      // Once rows have arrived, earlier attempts belong to the previous page.
      attempts = renumber([...attempts, ...attemptsOf(error).slice(moved ? -1 : 0)])
      const exhausted = attempts.length >= maxAttempts
      if (exhausted || !isBroken(error)) {
        const stopReason = exhausted ? `all ${maxAttempts} attempts were made` : error.stopReason
        throw Object.assign(error, { attempts, stopReason })
      }
      const waitMs = backoff(attempts.length, retry, random())
      attempts = attempts.map((record) =>
        record.attempt === attempts.length ? { ...record, waitMs } : record,
      )
      requester.log.info(`${error.operation}: the response body broke off, retrying in ${waitMs} ms`)
      await sleep(waitMs, options.signal)
      continue
    }
    attempts = []
    const isFull = count > 0 && (rest.hasMore === true || count >= Math.min(pageSize, rest.limit ?? pageSize))
    if (isFull && !moved) throw noNextPage(orderBy, count, keyOf(ties.buffered.at(-1)) === undefined)
    if (isFull && from !== undefined && sameKey(from, pageStart)) throw repeatedPage(orderBy)
    if (since !== undefined && concurrency > 1) {
      const end = isFull && from !== undefined ? keyTime(from) : until
      windows?.recordRows((end ?? since) - since, count, pageSize)
    }
    if (isFull) continue
    if (windows === undefined || since === undefined || until === undefined || until >= windows.to) {
      yield page(ties.buffered, undefined)
      return
    }
    windows.recordDuration(until - since, queryMs)
    from = keyAt(until)
    yield page(ties.buffered, from)
  }
}

function keyTime([time]: Key): number {
  return timestampOf('a time in the first column', String(time?.value))
}

/** Whether PostHog rejected the query as too expensive. A smaller window may succeed. */
function isTooCostly(error: unknown): boolean {
  return (
    error instanceof QueryTimeoutError ||
    (error instanceof QueryError && /memory|too_large/.test(error.code ?? ''))
  )
}

/** Whether the response body broke off. A request without a response has a `stopReason`: it was retried already. */
function isBroken(error: CallError): boolean {
  const broken = error instanceof ConnectionError || error instanceof IdleTimeoutError
  return broken && error.stopReason === undefined
}

/** The attempts of an error, at least one. */
function attemptsOf({ name, attempts }: CallError): readonly AttemptRecord[] {
  return attempts.length > 0
    ? attempts
    : [{ attempt: 1, error: name, waitMs: 0, reason: 'the body broke off' }]
}

/** Renumbers the attempts of several requests as those of one. */
function renumber(attempts: readonly AttemptRecord[]): AttemptRecord[] {
  return attempts.map((record, index) => ({ ...record, attempt: index + 1 }))
}
