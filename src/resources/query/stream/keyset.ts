import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { type HogQL, hogql } from '../../../runtime/hogql/hogql.ts'
import type { Columns } from '../../../runtime/rows/decode-rows.ts'

/** One cell of a key, as PostHog wrote it, and whether it is a moment in time. */
export interface KeyCell {
  readonly value: string | number | bigint | boolean
  readonly isTime: boolean
}

/** The key of a row: its cells in the columns that order it. */
export type Key = readonly KeyCell[]

/** Which rows a page is about. */
export interface PageSpan {
  /** From this key on. It may be shorter than the columns that order the rows. */
  readonly from: Key | undefined
  /** Only rows whose first ordering column is before this moment, in milliseconds since 1970. */
  readonly until: number | undefined
}

/**
 * The query for one page, in the order of the columns. The inner query stands on lines of its own, so that a comment
 * at its end ends with it.
 */
export function pageQuery(
  query: HogQL<unknown>,
  orderBy: readonly string[],
  span: PageSpan,
  rows: number,
): HogQL<unknown> {
  const columns = orderBy.map((name) => hogql.ref(name))
  return hogql`select * from (\n${query}\n)\n${whereOf(columns, span)}order by ${hogql.join(columns)} limit ${rows}`
}

/** The query for the number of all rows of a span. */
export function countQuery(
  query: HogQL<unknown>,
  orderBy: readonly string[],
  span: PageSpan,
): HogQL<unknown> {
  const columns = orderBy.map((name) => hogql.ref(name))
  return hogql`select count() as rows from (\n${query}\n)\n${whereOf(columns, span)}limit ${1}`
}

function whereOf(columns: readonly HogQL<never>[], { from, until }: PageSpan): HogQL<never> {
  const [first] = columns
  const conditions = [
    ...(from === undefined ? [] : [hogql`(${atLeast(columns, from)})`]),
    ...(until === undefined || first === undefined ? [] : [hogql`${first} < ${new Date(until)}`]),
  ]
  return conditions.length === 0 ? hogql.raw('') : hogql`where ${hogql.join(conditions, ' and ')}\n`
}

/** The key of all rows from a moment on. */
export function keyAt(ms: number): Key {
  return [{ value: new Date(ms).toISOString(), isTime: true }]
}

/**
 * `a > 1 or (a = 1 and b >= 2)`: an index serves each part, which it does not for tuples. Null is ordered last, so that
 * it counts as more than anything; where a column has none, the engine drops the question.
 */
function atLeast(columns: readonly HogQL<never>[], from: Key): HogQL<never> {
  const last = from.length - 1
  const cases = columns.slice(0, from.length).map((column, at) => {
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
 * Reads keys of rows; undefined for a row that has none, since a part of it is null.
 *
 * @throws ConfigurationError for a column that the query does not have, or that has no order
 */
export function keyReader(columns: Columns, orderBy: readonly string[]): (cells: unknown) => Key | undefined {
  const places = orderBy.map((name) => {
    const at = columns.names.indexOf(name)
    const type = columns.types[at] ?? ''
    // NaN is ordered last as well, and more than nothing.
    if (/Float/.test(type)) throw unordered(name, type)
    if (at >= 0) return { at, isTime: /DateTime/.test(type) }
    throw new ConfigurationError({
      message: `\`orderBy\` names "${name}", and the query has ${columns.names.join(', ')}.`,
      fix: 'Order by columns that the query selects.',
    })
  })
  return (cells) => {
    const key = places.map(({ at, isTime }) => ({ value: Object(cells)[at] as unknown, isTime }))
    return key.every(isKeyCell) ? key : undefined
  }
}

function isKeyCell(cell: { readonly value: unknown; readonly isTime: boolean }): cell is KeyCell {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof cell.value)
}

function unordered(name: string, type: string): ConfigurationError {
  return new ConfigurationError({
    message: `\`orderBy\` names "${name}", whose type ${type} has values without an order.`,
    fix: 'Order by columns that are texts, whole numbers or times.',
  })
}

/** Whether two keys are the same. */
export function sameKey(one: Key, other: Key | undefined): boolean {
  return other !== undefined && one.every(({ value }, at) => value === other[at]?.value)
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
    if (key.length > 0 && key.length <= columns) return key
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
