import { ConnectionError } from '../../../runtime/errors/connection-error.ts'
import { QueryError } from '../../../runtime/errors/query-error.ts'
import { QueryTimeoutError } from '../../../runtime/errors/query-timeout-error.ts'
import { IdleTimeoutError } from '../../../runtime/errors/timeout-error.ts'
import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import { createRowDecoder } from '../../../runtime/rows/decode-rows.ts'
import { engineRowCap } from '../../../runtime/rows/incomplete.ts'
import type { AnswerFields } from '../../answer-fields.ts'
import type { Requester } from '../../requester.ts'
import type { HogQLOptions } from '../query-options.ts'
import { noNextPage } from './check-stream.ts'
import { describeColumns } from './describe-columns.ts'
import { type Key, keyAt, keyReader, pageQuery, writeKey } from './keyset.ts'
import { streamCells } from './stream-cells.ts'
import type { StreamOptions, StreamPage } from './stream-options.ts'
import { createTies } from './ties.ts'
import { momentOf, type Pieces } from './window.ts'

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
  readonly pieces: Pieces | undefined
}

/**
 * All rows from a key on, as they arrive. Rows with the key that an answer ends with are left to the next one, which
 * begins there: so ties are neither lost nor doubled, and a connection that breaks costs no more than what came behind
 * the last key.
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
  let from = start
  let failures = 0
  for (;;) {
    const since = pieces && from ? momentOfKey(from) : undefined
    const until = since === undefined ? undefined : pieces?.end(since)
    const begun = performance.now()
    const ties = createTies(keyOf)
    let rest: AnswerFields = {}
    let count = 0
    let moved = false
    try {
      const span = pageQuery(query(since, until), orderBy, { from, until }, pageSize)
      for await (const batch of streamCells(requester, span, options, columns)) {
        rest = batch.rest ?? rest
        count += batch.rows.length
        const complete = ties.take(batch.rows)
        if (complete === undefined) continue
        from = complete.key
        moved = true
        failures = 0
        yield page(complete.rows, from)
      }
    } catch (error) {
      if (isTooCostly(error) && pieces?.narrow()) continue
      failures += 1
      if (!isBroken(error) || failures >= requester.config.retry.maxAttempts) throw error
      continue
    }
    if (count > 0 && (rest.hasMore === true || count >= Math.min(pageSize, rest.limit ?? pageSize))) {
      if (!moved) throw noNextPage(orderBy, count, keyOf(ties.held.at(-1)) === undefined)
      continue
    }
    if (pieces === undefined || until === undefined || until >= pieces.to) {
      yield page(ties.held, undefined)
      return
    }
    pieces.took(performance.now() - begun)
    from = keyAt(until)
    yield page(ties.held, from)
  }
}

function momentOfKey([time]: Key): number {
  return momentOf('a time of the first column', String(time?.value))
}

/** PostHog's guards against queries that read too much: a smaller one may pass. */
function isTooCostly(error: unknown): boolean {
  return (
    error instanceof QueryTimeoutError ||
    (error instanceof QueryError && /memory|too_large/.test(error.code ?? ''))
  )
}

/** The answer broke off on its way. */
function isBroken(error: unknown): boolean {
  return error instanceof ConnectionError || error instanceof IdleTimeoutError
}
