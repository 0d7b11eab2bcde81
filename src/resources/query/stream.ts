import { ConfigurationError } from '../../runtime/errors/configuration-error.ts'
import { explicitLimit } from '../../runtime/hogql/explicit-limit.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { createRowDecoder } from '../../runtime/rows/decode-rows.ts'
import { engineRowCap } from '../../runtime/rows/incomplete.ts'
import type { Requester } from '../requester.ts'
import { keyReader, pageQuery, readKey, sameKey, writeKey } from './keyset.ts'
import type { HogQLOptions } from './query-options.ts'
import { fetchCells } from './run-hogql.ts'
import type { StreamOptions, StreamPage } from './stream-options.ts'

/**
 * Pages through all rows of a query by its ordering columns. Rows with the key that a page ends with are left to the
 * next one, which begins there: so ties are neither lost nor doubled.
 *
 * @throws ConfigurationError for a query with a LIMIT, and for ordering columns that more rows have in common than fit
 * on a page
 */
export async function* streamPages<Row>(
  requester: Requester,
  query: HogQL<Row>,
  options: HogQLOptions,
  { orderBy, pageSize = engineRowCap, after }: StreamOptions,
): AsyncGenerator<StreamPage<Row>, undefined> {
  check(query, orderBy, pageSize)
  let from = after === undefined ? undefined : readKey(after, orderBy.length)
  for (;;) {
    const page = pageQuery(query, orderBy, from, pageSize)
    const { answer, columns } = await fetchCells(requester, page, options)
    const decode = createRowDecoder(columns, options)
    const { results } = answer
    // What the caller says of the rows is all that is known of them.
    const decoded = (rows: readonly unknown[]): Row[] => rows.map(decode) as Row[]
    if (results.length < pageSize) {
      yield { rows: decoded(results), next: undefined }
      return
    }
    const keyOf = keyReader(columns, orderBy)
    const last = keyOf(results.at(-1))
    const kept = results.findIndex((row) => sameKey(keyOf(row), last))
    if (kept === 0) throw tooManyTies(orderBy, pageSize)
    from = last
    yield { rows: decoded(results.slice(0, kept)), next: writeKey(last) }
  }
}

function check({ query, values }: HogQL<unknown>, orderBy: readonly string[], pageSize: number): void {
  if (orderBy.length === 0) throw invalid('`orderBy` names no column', 'Name columns that tell rows apart')
  if (!Number.isInteger(pageSize) || pageSize < 2 || pageSize > engineRowCap) {
    throw invalid(`\`pageSize\` is ${pageSize}`, `Use a whole number from 2 to ${engineRowCap}`)
  }
  if (explicitLimit(query, values) !== undefined) {
    throw invalid('The query has a LIMIT', 'Leave it out: `stream` gives all rows, and `break` ends it')
  }
}

function tooManyTies(orderBy: readonly string[], pageSize: number): ConfigurationError {
  return invalid(
    `${pageSize} rows and more are equal in ${orderBy.join(', ')}`,
    'Add a column to `orderBy` that tells them apart, such as uuid',
  )
}

function invalid(message: string, fix: string): ConfigurationError {
  return new ConfigurationError({ message: `${message}.`, fix: `${fix}.` })
}
