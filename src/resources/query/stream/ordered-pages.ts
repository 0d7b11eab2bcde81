import { QueryError, QueryTimeoutError } from '../../../runtime/errors/api-errors.ts'
import {
  type AttemptRecord,
  CallError,
  ConnectionError,
  IdleTimeoutError,
} from '../../../runtime/errors/call-errors.ts'
import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import { backoff } from '../../../runtime/retry/timing.ts'
import { createRowDecoder } from '../../../runtime/rows/decode-rows.ts'
import { engineRowCap } from '../../../runtime/rows/incomplete.ts'
import type { Requester } from '../../requester.ts'
import type { ResponseFields } from '../../response-fields.ts'
import type { HogQLOptions } from '../query-options.ts'
import { describeColumns, noNextPage, repeatedPage } from './check-stream.ts'
import { type Key, keyAt, keyReader, pageQuery, sameKey, writeKey } from './keyset.ts'
import { streamCells } from './stream-cells.ts'
import type { StreamOptions, StreamPage } from './stream-options.ts'
import { type TimeWindows, timestampOf } from './time-windows.ts'

/** Keeps back the rows with the last key, until it is known that all of them came. */
export interface TieBuffer {
  /** Rows that are kept back. */
  readonly held: readonly unknown[]
  /** Takes more rows. Gives those that are complete, and the key that the held ones begin with. */
  take(rows: readonly unknown[]): { readonly rows: readonly unknown[]; readonly key: Key } | undefined
}

/** Rows in the order of their keys; those without one stay behind the last that has one. */
export function createTieBuffer(keyOf: (row: unknown) => Key | undefined): TieBuffer {
  let held: readonly unknown[] = []
  let last: Key | undefined
  return {
    get held() {
      return held
    },
    take(batch) {
      let cut = batch.findLastIndex((row) => keyOf(row) !== undefined)
      const key = keyOf(batch[cut])
      if (key === undefined || sameKey(key, last)) {
        held = held.concat(batch)
        return undefined
      }
      while (cut > 0 && sameKey(key, keyOf(batch[cut - 1]))) cut -= 1
      const rows = held.concat(batch.slice(0, cut))
      held = batch.slice(cut)
      last = key
      return rows.length === 0 ? undefined : { rows, key }
    },
  }
}

/** A query whose rows are read in the order of its columns. */
export interface OrderedQuery<Row> extends Pick<StreamOptions, 'pageSize'> {
  readonly requester: Requester
  /** The query for a part of the span of time, in milliseconds since 1970, or for all of it. */
  readonly query: (from?: number, to?: number) => HogQL<Row>
  readonly options: HogQLOptions
  readonly orderBy: readonly string[]
  /** Cells as PostHog wrote them, whatever the options say. */
  readonly asWritten: boolean
  /** The span of time that is read piece by piece, if there is one. */
  readonly pieces: TimeWindows | undefined
}

/**
 * All rows from a key on, as they arrive. Rows with the key that an answer ends with are left to the next one, which
 * begins there: so ties are neither lost nor doubled, and a connection that breaks costs no more than what came behind
 * the last key. An answer that breaks off counts as one of the `maxAttempts` for its page.
 */
export async function* orderedPages<Row>(
  { requester, query, options, orderBy, asWritten, pieces, pageSize = engineRowCap }: OrderedQuery<Row>,
  start: Key | undefined,
): AsyncGenerator<StreamPage<Row>, undefined> {
  const columns = await describeColumns(requester, query(), options)
  const keyOf = keyReader(columns, orderBy)
  const decode = createRowDecoder(columns, asWritten ? 'written' : options)
  const page = (rows: readonly unknown[], next: Key | undefined): StreamPage<Row> => ({
    // What the caller says of the rows is all that is known of them.
    rows: rows.map(decode) as Row[],
    columns: columns.names,
    types: columns.types,
    next: next && writeKey(next),
    progress: pieces && (next === undefined ? 1 : pieces.progress(momentOfKey(next))),
  })
  const { retry } = requester.config
  const maxAttempts = options.maxAttempts ?? retry.maxAttempts
  const { sleep, monotonic, random } = requester.platform
  let from = start
  /** Those that were made for the page at `from`. */
  let attempts: readonly AttemptRecord[] = []
  for (;;) {
    const since = pieces && from ? momentOfKey(from) : undefined
    const until = since === undefined ? undefined : pieces?.end(since)
    const begun = monotonic()
    const ties = createTieBuffer(keyOf)
    let rest: ResponseFields = {}
    let count = 0
    let moved = false
    const began = from
    try {
      const span = pageQuery(query(since, until), orderBy, { from, until }, pageSize)
      const call = { ...options, maxAttempts: maxAttempts - attempts.length }
      for await (const batch of streamCells(requester, span, call, columns)) {
        rest = batch.rest ?? rest
        count += batch.rows.length
        const complete = ties.take(batch.rows)
        if (complete === undefined) continue
        from = complete.key
        moved = true
        attempts = []
        yield page(complete.rows, from)
      }
    } catch (error) {
      if (isTooCostly(error) && pieces?.narrow()) {
        attempts = []
        continue
      }
      if (!(error instanceof CallError)) throw error
      // What came before the page moved on belongs to the page before.
      attempts = inOrder([...attempts, ...attemptsOf(error).slice(moved ? -1 : 0)])
      const spent = attempts.length >= maxAttempts
      if (spent || !isBroken(error)) {
        const stopReason = spent ? `all ${maxAttempts} attempts were made` : error.stopReason
        throw Object.assign(error, { attempts, stopReason })
      }
      const waitMs = backoff(attempts.length, retry, random())
      attempts = attempts.map((one) => (one.attempt === attempts.length ? { ...one, waitMs } : one))
      requester.log.info(`${error.operation}: the body broke off, again in ${waitMs} ms`)
      await sleep(waitMs, options.signal)
      continue
    }
    attempts = []
    if (count > 0 && (rest.hasMore === true || count >= Math.min(pageSize, rest.limit ?? pageSize))) {
      if (!moved) throw noNextPage(orderBy, count, keyOf(ties.held.at(-1)) === undefined)
      if (from !== undefined && sameKey(from, began)) throw repeatedPage(orderBy)
      continue
    }
    if (pieces === undefined || until === undefined || until >= pieces.to) {
      yield page(ties.held, undefined)
      return
    }
    pieces.took(monotonic() - begun)
    from = keyAt(until)
    yield page(ties.held, from)
  }
}

function momentOfKey([time]: Key): number {
  return timestampOf('a time of the first column', String(time?.value))
}

/** PostHog's guards against queries that read too much: a smaller one may pass. */
function isTooCostly(error: unknown): boolean {
  return (
    error instanceof QueryTimeoutError ||
    (error instanceof QueryError && /memory|too_large/.test(error.code ?? ''))
  )
}

/** The answer broke off on its way. A request without an answer has a `stopReason`: its retries are over already. */
function isBroken(error: CallError): boolean {
  const broken = error instanceof ConnectionError || error instanceof IdleTimeoutError
  return broken && error.stopReason === undefined
}

/** At least one, whoever made the error. */
function attemptsOf({ name, attempts }: CallError): readonly AttemptRecord[] {
  return attempts.length > 0
    ? attempts
    : [{ attempt: 1, error: name, waitMs: 0, reason: 'the body broke off' }]
}

/** The attempts of several requests, counted as those of one. */
function inOrder(attempts: readonly AttemptRecord[]): AttemptRecord[] {
  return attempts.map((one, index) => ({ ...one, attempt: index + 1 }))
}
