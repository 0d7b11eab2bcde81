import { ConfigurationError } from '../../runtime/errors/configuration-error.ts'
import { DecodeError } from '../../runtime/errors/decode-error.ts'
import { type HogQL, hogql } from '../../runtime/hogql/hogql.ts'
import type { Columns } from '../../runtime/rows/decode-rows.ts'

/** One cell of a key, as PostHog wrote it, and whether it is a moment in time. */
export interface KeyCell {
  readonly value: string | number | bigint | boolean
  readonly isTime: boolean
}

/** The key of a row: its cells in the columns that order it. */
export type Key = readonly KeyCell[]

/**
 * The query for one page: all rows from `from` on, in the order of the columns. The inner query stands on lines of its
 * own, so that a comment at its end ends with it.
 */
export function pageQuery(
  query: HogQL<unknown>,
  orderBy: readonly string[],
  from: Key | undefined,
  rows: number,
): HogQL<unknown> {
  const columns = orderBy.map((name) => hogql.ref(name))
  const where = from === undefined ? hogql.raw('') : hogql`where ${atLeast(columns, from)}\n`
  return hogql`select * from (\n${query}\n)\n${where}order by ${hogql.join(columns)} limit ${rows}`
}

/**
 * `a > 1 or (a = 1 and b >= 2)`: an index serves each part, which it does not for tuples. Null is ordered last, so that
 * it counts as more than anything; where a column has none, the engine drops the question.
 */
function atLeast(columns: readonly HogQL<never>[], from: Key): HogQL<never> {
  const last = columns.length - 1
  const cases = columns.map((column, at) => {
    const equal = columns.slice(0, at).map((before, index) => hogql`${before} = ${bound(from[index])}`)
    const compare = hogql.raw(at === last ? '>=' : '>')
    const more = hogql`(${column} ${compare} ${bound(from[at])} or ${column} is null)`
    return hogql`(${hogql.join([...equal, more], ' and ')})`
  })
  return hogql.join(cases, ' or ')
}

function bound(cell: KeyCell | undefined): HogQL<unknown> {
  if (cell === undefined) return hogql`${null}`
  return cell.isTime ? hogql`toDateTime(${String(cell.value)})` : hogql`${cell.value}`
}

/**
 * Reads keys of rows.
 *
 * @throws ConfigurationError for a column that the query does not have
 */
export function keyReader(columns: Columns, orderBy: readonly string[]): (cells: unknown) => Key {
  const places = orderBy.map((name) => {
    const at = columns.names.indexOf(name)
    const type = columns.types[at] ?? ''
    // NaN is ordered last as well, and more than nothing.
    if (/Float/.test(type)) throw unordered(name, type)
    if (at >= 0) return { name, at, isTime: /DateTime/.test(type) }
    throw new ConfigurationError({
      message: `\`orderBy\` names "${name}", and the query has ${columns.names.join(', ')}.`,
      fix: 'Order by columns that the query selects.',
    })
  })
  return (cells) =>
    places.map(({ name, at, isTime }) => {
      const value: unknown = Array.isArray(cells) ? cells[at] : undefined
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
        return { value, isTime }
      if (typeof value === 'boolean') return { value, isTime }
      throw new DecodeError({
        message: `The column "${name}", which orders the rows, is ${value === null ? 'null' : typeof value} in one of them.`,
        fix: 'Order by columns that are texts, whole numbers or times, and never null.',
      })
    })
}

function unordered(name: string, type: string): ConfigurationError {
  return new ConfigurationError({
    message: `\`orderBy\` names "${name}", whose type ${type} has values without an order.`,
    fix: 'Order by columns that are texts, whole numbers or times.',
  })
}

/** Whether two keys are the same. */
export function sameKey(one: Key, other: Key): boolean {
  return one.every(({ value }, at) => value === other[at]?.value)
}

/** A key as a text, for `after`. */
export function writeKey(key: Key): string {
  return JSON.stringify(key.map(({ value, isTime }) => [typeof value, String(value), isTime]))
}

/**
 * Reads such a text.
 *
 * @throws ConfigurationError for another one
 */
export function readKey(text: string, columns: number): Key {
  try {
    const cells = JSON.parse(text) as readonly [type: string, value: string, isTime: boolean][]
    const key = cells.map(([type, value, isTime]) => ({
      value: valueOfType(type, value),
      isTime: isTime === true,
    }))
    if (key.length === columns) return key
  } catch {}
  throw new ConfigurationError({
    message: '`after` is not what a page of this query gave as `next`.',
    fix: 'Pass `next` as it was, with the same `orderBy`.',
  })
}

function valueOfType(type: string, value: string): KeyCell['value'] {
  if (type === 'number') return Number(value)
  if (type === 'bigint') return BigInt(value)
  return type === 'boolean' ? value === 'true' : value
}
