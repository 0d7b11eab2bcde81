import {
  booleanOption,
  checkOptions,
  integerBetween,
  isPlainObject,
  nonEmptyString,
  type OptionCheck,
  type OptionChecks,
} from '../../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { DecodeError } from '../../../runtime/errors/result-errors.ts'
import { type HogQL, hogql } from '../../../runtime/hogql/hogql.ts'
import { explicitLimits } from '../../../runtime/hogql/limit-clause.ts'
import type { Columns } from '../../../runtime/rows/decode-rows.ts'
import { engineRowCap } from '../../../runtime/rows/incomplete.ts'
import type { Requester } from '../../requester.ts'
import type { HogQLOptions } from '../query-options.ts'
import { fetchRawRows } from '../run-hogql.ts'
import type { StreamOptions } from './stream-options.ts'
import { checkWindow } from './time-windows.ts'

const columnNames: OptionCheck = {
  accepts: (value) => Array.isArray(value) && Array.from(value).every(nonEmptyString().accepts),
  expected: 'an array of column names',
}
const streamChecks: OptionChecks<StreamOptions> = {
  orderBy: columnNames,
  pageSize: integerBetween(2, engineRowCap),
  after: nonEmptyString(),
  window: { accepts: isPlainObject, expected: 'an object' },
  concurrency: integerBetween(1, Number.MAX_SAFE_INTEGER),
  verifyCount: booleanOption,
}

/**
 * Rejects invalid or contradictory options, and options that would lose rows.
 *
 * @throws ConfigurationError
 */
export function checkStream(options: StreamOptions): void {
  checkOptions('stream', options, streamChecks)
  const { orderBy, window, concurrency = 1 } = options
  if (concurrency > 1 && window === undefined) {
    throw invalid('`concurrency` requires `window`', 'Pass `window` with a time column and its range')
  }
  if (orderBy === undefined) {
    const paged = (['pageSize', 'after', 'window', 'verifyCount'] as const).find(
      (name) => options[name] !== undefined,
    )
    if (paged !== undefined) throw invalid(`\`${paged}\` requires \`orderBy\``, orderFix)
    return
  }
  if (orderBy.length === 0) throw invalid('`orderBy` names no column', orderFix)
  if (window === undefined) return
  checkWindow(window)
  if (window.column !== orderBy[0]) {
    throw invalid(
      `The column of \`window\` is "${window.column}", not the first of \`orderBy\``,
      'Name that column first in `orderBy`',
    )
  }
}

/**
 * Rejects a query with a LIMIT, which a paginated stream cannot apply.
 *
 * @throws ConfigurationError
 */
export function checkUnlimited({ query, values }: HogQL<unknown>): void {
  if (explicitLimits(query, values).some((limit) => limit !== undefined)) {
    throw invalid('The query has a LIMIT', 'Remove it: the stream returns all rows, and `break` ends it')
  }
}

const orderFix = 'Name columns that identify a row, such as timestamp and uuid'

/** Creates the error for a page that has no key to start the next page from. */
export function noNextPage(
  orderBy: readonly string[],
  rows: number,
  endsWithNull: boolean,
): ConfigurationError {
  const columns = orderBy.join(', ')
  return endsWithNull
    ? invalid(
        `A page of ${rows} rows ends with null in ${columns}`,
        'Order by columns that are never null, or exclude these rows from the query',
      )
    : invalid(
        `At least ${rows} rows are equal in ${columns}`,
        'Add a column to `orderBy` that distinguishes them, such as uuid',
      )
}

/** Creates the error for a full page that ends at the key it started from: it repeats earlier rows. */
export function repeatedPage(orderBy: readonly string[]): DecodeError {
  return new DecodeError({
    message: `A page of the stream repeated rows from before its key in ${orderBy.join(', ')}.`,
    fix: 'Check for a proxy that caches responses to POST requests.',
  })
}

function invalid(message: string, fix: string): ConfigurationError {
  return new ConfigurationError({ message: `${message}.`, fix: `${fix}.` })
}

/**
 * Returns the columns of a query. PostHog sends the types after the rows, too late for a stream. A query with LIMIT 0
 * returns them first and reads no data.
 */
export async function describeColumns(
  requester: Requester,
  query: HogQL<unknown>,
  { onProgress: _, async: __, refresh: ___, ...options }: HogQLOptions,
): Promise<Columns> {
  const { columns } = await fetchRawRows(requester, hogql`select * from (\n${query}\n) limit ${0}`, options)
  return columns
}
