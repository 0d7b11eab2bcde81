import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import type { Requester } from '../../requester.ts'
import type { CheckedQuery } from '../query-draft.ts'
import type { RowSource } from './row-source.ts'
import { shapePages } from './shape-pages.ts'
import type { StreamOptions, StreamPage } from './stream-options.ts'
import { streamPages } from './stream-pages.ts'

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
