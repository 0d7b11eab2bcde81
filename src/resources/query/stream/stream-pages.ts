import { TruncatedResultError } from '../../../runtime/errors/result-errors.ts'
import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import type { Requester } from '../../requester.ts'
import type { HogQLOptions } from '../query-options.ts'
import { fetchCells } from '../run-hogql.ts'
import { checkStream, checkUnlimited } from './check-stream.ts'
import { countQuery, keyAt, readKey } from './keyset.ts'
import { orderedPages } from './ordered-pages.ts'
import type { SourceOptions } from './row-source.ts'
import { streamAnswer } from './stream-answer.ts'
import type { StreamOptions, StreamPage } from './stream-options.ts'
import { createPieces } from './window.ts'

/** A query, or one for each piece of a span of time, whose rows are a part of it. */
export type StreamQuery<Row> = HogQL<Row> | ((from: Date, to: Date) => HogQL<Row>)

/**
 * The rows of a query as they arrive. Its requests are several queries, which cannot share an id.
 *
 * @throws ConfigurationError for options that would lose rows, and for ordering columns that more rows have in common
 * than fit on a page; TruncatedResultError when rows are missing, or may be
 */
export async function* streamPages<Row>(
  requester: Requester,
  given: StreamQuery<Row>,
  { clientQueryId: _, ...options }: HogQLOptions,
  stream: StreamOptions,
  { after = stream.after, asWritten = false }: SourceOptions,
): AsyncGenerator<StreamPage<Row>, undefined> {
  checkStream(stream)
  const { orderBy, pageSize, window, verifyCount = false } = stream
  const pieces = window && createPieces(window)
  const query = (from = pieces?.from, to = pieces?.to): HogQL<Row> =>
    typeof given === 'function' ? given(new Date(from ?? 0), new Date(to ?? 0)) : given
  if (orderBy === undefined) {
    yield* streamAnswer(requester, query(), options, asWritten)
    return
  }
  checkUnlimited(query())
  const from = after === undefined ? pieces && keyAt(pieces.from) : readKey(after, orderBy.length)
  const ordered = {
    requester,
    query,
    options,
    orderBy,
    asWritten,
    pieces,
    ...(pageSize === undefined ? {} : { pageSize }),
  }
  const pages = orderedPages(ordered, from)
  if (!verifyCount) {
    yield* pages
    return
  }
  const count = async (): Promise<number> => {
    const { answer } = await fetchCells(
      requester,
      countQuery(query(), orderBy, { from, until: pieces?.to }),
      options,
    )
    return Number(Object(answer.results[0])[0])
  }
  const before = await count()
  let rows = 0
  for await (const page of pages) {
    rows += page.rows.length
    yield { ...page, progress: before === 0 ? 1 : Math.min(1, rows / before) }
  }
  const now = await count()
  if (rows < Math.min(before, now) || rows > Math.max(before, now)) throw miscounted(rows, before, now)
}

function miscounted(given: number, before: number, now: number): TruncatedResultError {
  return new TruncatedResultError({
    message: `The stream gave ${given} rows; PostHog counted ${before} before and ${now} after.`,
    fix: 'Read it again; order by columns that do not change, and bound the query to what is not written any more.',
    items: [],
    cursor: undefined,
  })
}
