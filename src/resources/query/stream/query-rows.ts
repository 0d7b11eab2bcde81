import { TruncatedResultError } from '../../../runtime/errors/result-errors.ts'
import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import type { Requester } from '../../requester.ts'
import type { CheckedQuery, HogQLOptions } from '../query-options.ts'
import type { RowShape } from '../row-schema.ts'
import { shapeRows } from '../row-schema.ts'
import { fetchCells } from '../run-hogql.ts'
import { checkStream, checkUnlimited } from './check-stream.ts'
import { countQuery, keyAt, readKey } from './keyset.ts'
import { orderedPages } from './ordered-pages.ts'
import { streamResponse } from './stream-cells.ts'
import type { RowSource, SourceOptions, StreamOptions, StreamPage } from './stream-options.ts'
import { createTimeWindows } from './time-windows.ts'

/** The rows of a query, for a stream. */
export function queryRows<Row>(
  requester: Requester,
  prepare: () => CheckedQuery,
  stream: StreamOptions,
): RowSource<Row> {
  return {
    requester,
    async *pages(how): AsyncGenerator<StreamPage<Row>, undefined> {
      const { query, options, shape } = prepare()
      // What the caller says of the rows is all that is known of them.
      const pages = streamPages(requester, query as HogQL<Row>, options, stream, how)
      if (shape === undefined || how.asWritten === true) yield* pages
      else yield* shapePages(shape, pages)
    },
    async identity() {
      const { query, options } = prepare()
      return { what: [query, options.variables], how: stream }
    },
    // Wrong options are refused when the rows are read.
    resumable: Object(stream).orderBy !== undefined,
  }
}

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
  const pieces = window && createTimeWindows(window)
  const query = (from = pieces?.from, to = pieces?.to): HogQL<Row> =>
    typeof given === 'function' ? given(new Date(from ?? 0), new Date(to ?? 0)) : given
  if (orderBy === undefined) {
    yield* streamResponse(requester, query(), options, asWritten)
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

/** Pages whose rows are in a shape. */
export async function* shapePages<Row>(
  shape: RowShape,
  pages: AsyncIterable<StreamPage<Row>>,
): AsyncGenerator<StreamPage<Row>, undefined> {
  for await (const page of pages) {
    const { rows, columns: names, types } = page
    // What the shape says of the rows was looked at.
    yield { ...page, rows: (await shapeRows(shape, rows, { names, types })) as Row[] }
  }
}
