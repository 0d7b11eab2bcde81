import {
  checkOptions,
  count,
  flag,
  isPlainObject,
  type OptionCheck,
  type OptionChecks,
  text,
} from '../../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { DecodeError } from '../../../runtime/errors/result-errors.ts'
import { type HogQL, hogql } from '../../../runtime/hogql/hogql.ts'
import { explicitLimits } from '../../../runtime/hogql/limit-clause.ts'
import type { Columns } from '../../../runtime/rows/decode-rows.ts'
import { engineRowCap } from '../../../runtime/rows/incomplete.ts'
import type { Requester } from '../../requester.ts'
import type { HogQLOptions } from '../query-options.ts'
import { fetchCells } from '../run-hogql.ts'
import type { StreamOptions } from './stream-options.ts'
import { checkWindow } from './time-windows.ts'

const columnNames: OptionCheck = {
  accepts: (value) => Array.isArray(value) && Array.from(value).every(text().accepts),
  expected: 'a list of column names',
}
const streamChecks: OptionChecks<StreamOptions> = {
  orderBy: columnNames,
  pageSize: count(2, engineRowCap),
  after: text(),
  window: { accepts: isPlainObject, expected: 'an object' },
  verifyCount: flag,
}

/**
 * Refuses options that are wrong, would lose rows or mean nothing.
 *
 * @throws ConfigurationError
 */
export function checkStream(options: StreamOptions): void {
  checkOptions('stream', options, streamChecks)
  const { orderBy, window } = options
  if (orderBy === undefined) {
    const paged = (['pageSize', 'after', 'window', 'verifyCount'] as const).find(
      (name) => options[name] !== undefined,
    )
    if (paged !== undefined) throw invalid(`\`${paged}\` has no meaning without \`orderBy\``, orderFix)
    return
  }
  if (orderBy.length === 0) throw invalid('`orderBy` names no column', orderFix)
  if (window === undefined) return
  checkWindow(window)
  if (window.column !== orderBy[0]) {
    throw invalid(`\`window\` is about "${window.column}"`, 'Name that column first in `orderBy`')
  }
}

/**
 * Refuses a query with a LIMIT for a stream that is read page by page.
 *
 * @throws ConfigurationError
 */
export function checkUnlimited({ query, values }: HogQL<unknown>): void {
  if (explicitLimits(query, values).some((limit) => limit !== undefined)) {
    throw invalid('The query has a LIMIT', 'Leave it out: all rows come, and `break` ends the stream')
  }
}

const orderFix = 'Name columns that tell rows apart, such as timestamp and uuid'

/** The error for a page on which nothing tells where the next one begins. */
export function noNextPage(
  orderBy: readonly string[],
  rows: number,
  endsWithNull: boolean,
): ConfigurationError {
  const columns = orderBy.join(', ')
  return endsWithNull
    ? invalid(
        `A page of ${rows} rows ends with null in ${columns}`,
        'Order by columns that are never null, or leave such rows out of the query',
      )
    : invalid(
        `${rows} rows and more are equal in ${columns}`,
        'Add a column to `orderBy` that tells them apart, such as uuid',
      )
}

/** The error for a page that is full and ends at the key that it began with: the rows before it came again. */
export function repeatedPage(orderBy: readonly string[]): DecodeError {
  return new DecodeError({
    message: `A page of the stream repeated rows from before its key in ${orderBy.join(', ')}.`,
    fix: 'Look for a proxy that caches answers of POST requests.',
  })
}

function invalid(message: string, fix: string): ConfigurationError {
  return new ConfigurationError({ message: `${message}.`, fix: `${fix}.` })
}

/**
 * The columns of a query. An answer tells the types behind its rows, which is too late for those who read it as it
 * arrives; a query for no rows reads nothing.
 */
export async function describeColumns(
  requester: Requester,
  query: HogQL<unknown>,
  { onProgress: _, async: __, refresh: ___, ...options }: HogQLOptions,
): Promise<Columns> {
  const { columns } = await fetchCells(requester, hogql`select * from (\n${query}\n) limit ${0}`, options)
  return columns
}
