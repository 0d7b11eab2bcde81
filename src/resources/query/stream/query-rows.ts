import { TruncatedResultError } from '../../../runtime/errors/result-errors.ts'
import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import type { Requester } from '../../requester.ts'
import type { CheckedQuery, HogQLOptions } from '../query-options.ts'
import type { RowShape } from '../row-schema.ts'
import { shapeRows } from '../row-schema.ts'
import { fetchRawRows } from '../run-hogql.ts'
import { checkStream, checkUnlimited } from './check-stream.ts'
import { countQuery, keyAt, readKey } from './keyset.ts'
import { orderedPages } from './ordered-pages.ts'
import { streamResponse } from './stream-cells.ts'
import type { RowSource, SourceOptions, StreamOptions, StreamPage } from './stream-options.ts'
import { createTimeWindows } from './time-windows.ts'

/** Creates the row source of a query. */
export function queryRows<Row>(
  requester: Requester,
  prepare: () => CheckedQuery,
  stream: StreamOptions,
): RowSource<Row> {
  return {
    requester,
    async *pages(sourceOptions): AsyncGenerator<StreamPage<Row>, undefined> {
      const { query, options, shape } = prepare()
      // `Row` is trusted unless a shape validates it.
      const pages = streamPages(requester, query as HogQL<Row>, options, stream, sourceOptions)
      if (shape === undefined || sourceOptions.raw === true) yield* pages
      else yield* shapePages(shape, pages)
    },
    async identity() {
      const { query, options } = prepare()
      const { variables, filters, modifiers } = options
      const settings = filters === undefined && modifiers === undefined ? [] : [filters, modifiers]
      return { query: [query, variables, ...settings], options: stream }
    },
    // Invalid options throw when the rows are read.
    resumable: Object(stream).orderBy !== undefined,
  }
}

/** A query, or a function that returns the query for a time window. */
export type StreamQuery<Row> = HogQL<Row> | ((from: Date, to: Date) => HogQL<Row>)

/**
 * Streams the rows of a query. `clientQueryId` does not apply, because a stream sends several queries.
 *
 * @throws ConfigurationError for options that would lose rows, and if more rows than fit on a page are equal in the
 * ordering columns; TruncatedResultError if rows are or may be missing
 */
export async function* streamPages<Row>(
  requester: Requester,
  streamQuery: StreamQuery<Row>,
  { clientQueryId: _, ...options }: HogQLOptions,
  stream: StreamOptions,
  { after = stream.after, raw = false }: SourceOptions,
): AsyncGenerator<StreamPage<Row>, undefined> {
  checkStream(stream)
  const { orderBy, pageSize, window, concurrency, verifyCount = false } = stream
  const windows = window && createTimeWindows(window)
  const query = (from = windows?.from, to = windows?.to): HogQL<Row> =>
    typeof streamQuery === 'function' ? streamQuery(new Date(from ?? 0), new Date(to ?? 0)) : streamQuery
  if (orderBy === undefined) {
    yield* streamResponse(requester, query(), options, raw)
    return
  }
  checkUnlimited(query())
  const from = after === undefined ? windows && keyAt(windows.from) : readKey(after, orderBy.length)
  const ordered = {
    requester,
    query,
    options,
    orderBy,
    raw,
    windows,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(pageSize === undefined ? {} : { pageSize }),
  }
  const pages = orderedPages(ordered, from)
  if (!verifyCount) {
    yield* pages
    return
  }
  const count = async (): Promise<number> => {
    const { response } = await fetchRawRows(
      requester,
      countQuery(query(), orderBy, { from, until: windows?.to }),
      options,
    )
    return Number(Object(response.results[0])[0])
  }
  const before = await count()
  let rows = 0
  for await (const page of pages) {
    rows += page.rows.length
    yield { ...page, progress: before === 0 ? 1 : Math.min(1, rows / before) }
  }
  const now = await count()
  if (rows < Math.min(before, now) || rows > Math.max(before, now)) throw countMismatch(rows, before, now)
}

function countMismatch(rows: number, before: number, now: number): TruncatedResultError {
  return new TruncatedResultError({
    message: `The stream returned ${rows} rows; PostHog counted ${before} before and ${now} after.`,
    fix: 'Read it again. Order by columns that do not change, and limit the query to a time range without new rows.',
    items: [],
    cursor: undefined,
  })
}

/** Validates the rows of each page with a shape. */
async function* shapePages<Row>(
  shape: RowShape,
  pages: AsyncIterable<StreamPage<Row>>,
): AsyncGenerator<StreamPage<Row>, undefined> {
  for await (const page of pages) {
    const { rows, columns: names, types } = page
    // `shapeRows` has validated the rows.
    yield { ...page, rows: (await shapeRows(shape, rows, { names, types })) as Row[] }
  }
}
