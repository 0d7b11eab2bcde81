import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import type { Requester } from '../../requester.ts'
import type { HogQLOptions } from '../query-options.ts'
import type { RowShape } from '../shape/row-shape.ts'
import type { RowSource } from './row-source.ts'
import { shapePages } from './shape-pages.ts'
import type { StreamOptions, StreamPage } from './stream-options.ts'
import { streamPages } from './stream-pages.ts'

/** The rows of a query, for a stream. */
export function queryRows<Row>(
  requester: Requester,
  query: () => HogQL<unknown> | Promise<HogQL<unknown>>,
  options: HogQLOptions,
  stream: StreamOptions,
  shape: RowShape | undefined,
): RowSource<Row> {
  return {
    requester,
    async *pages(how): AsyncGenerator<StreamPage<Row>, undefined> {
      // What the caller says of the rows is all that is known of them.
      const typed = (await query()) as HogQL<Row>
      const pages = streamPages(requester, typed, options, stream, how)
      if (shape === undefined || how.asWritten === true) yield* pages
      else yield* shapePages(shape, pages)
    },
    async identity() {
      return { what: [await query(), options.variables], how: stream }
    },
    resumable: stream.orderBy !== undefined,
  }
}
