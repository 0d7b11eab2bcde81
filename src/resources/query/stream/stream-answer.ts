import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import { createRowDecoder } from '../../../runtime/rows/decode-rows.ts'
import type { Requester } from '../../requester.ts'
import { completenessOf, isSilentCut } from '../completeness.ts'
import type { HogQLOptions } from '../query-options.ts'
import { truncated } from '../truncated.ts'
import { describeColumns } from './describe-columns.ts'
import { streamCells } from './stream-cells.ts'
import type { StreamPage } from './stream-options.ts'

/**
 * The rows of one answer while they arrive.
 *
 * @throws TruncatedResultError at the end when PostHog may have cut off rows that no LIMIT of the query left out
 */
export async function* streamAnswer<Row>(
  requester: Requester,
  query: HogQL<Row>,
  options: HogQLOptions,
  asWritten: boolean,
): AsyncGenerator<StreamPage<Row>, undefined> {
  const columns = await describeColumns(requester, query, options)
  const decode = createRowDecoder(columns, asWritten ? 'written' : options)
  let count = 0
  for await (const { rows, rest } of streamCells(requester, query, options, columns)) {
    const before = count
    count += rows.length
    // What the caller says of the rows is all that is known of them.
    yield {
      rows: rows.map((row, at) => decode(row, before + at)) as Row[],
      columns: columns.names,
      types: columns.types,
      next: undefined,
      progress: undefined,
    }
    if (rest === undefined) continue
    const complete = completenessOf(query, count, rest)
    if (isSilentCut(complete)) throw truncated(count, [], complete)
  }
}
