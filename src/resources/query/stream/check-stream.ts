import { ConfigurationError } from '../../../runtime/errors/configuration-error.ts'
import { DecodeError } from '../../../runtime/errors/decode-error.ts'
import { explicitLimit } from '../../../runtime/hogql/explicit-limit.ts'
import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import { engineRowCap } from '../../../runtime/rows/incomplete.ts'
import type { StreamOptions } from './stream-options.ts'

/**
 * Refuses options that would lose rows or mean nothing.
 *
 * @throws ConfigurationError
 */
export function checkStream({ query, values }: HogQL<unknown>, options: StreamOptions): void {
  const { orderBy, pageSize = engineRowCap, window, allowPartial } = options
  if (orderBy === undefined) {
    const paged = (['pageSize', 'after', 'window', 'verifyCount'] as const).find(
      (name) => options[name] !== undefined,
    )
    if (paged !== undefined) throw invalid(`\`${paged}\` has no meaning without \`orderBy\``, orderFix)
    return
  }
  if (orderBy.length === 0) throw invalid('`orderBy` names no column', orderFix)
  if (allowPartial !== undefined) {
    throw invalid('`allowPartial` has no meaning with `orderBy`', 'Leave it out: all rows come')
  }
  if (!Number.isInteger(pageSize) || pageSize < 2 || pageSize > engineRowCap) {
    throw invalid(`\`pageSize\` is ${pageSize}`, `Use a whole number from 2 to ${engineRowCap}`)
  }
  if (window !== undefined && window.column !== orderBy[0]) {
    throw invalid(`\`window\` is about "${window.column}"`, 'Name that column first in `orderBy`')
  }
  if (explicitLimit(query, values) !== undefined) {
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
