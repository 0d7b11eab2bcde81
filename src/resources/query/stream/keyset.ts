import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { type HogQL, hogql } from '../../../runtime/hogql/hogql.ts'
import type { Columns } from '../../../runtime/rows/decode-rows.ts'

/** One cell of a key as PostHog returned it, and whether it is a timestamp. */
export interface KeyCell {
  readonly value: string | number | bigint | boolean
  readonly isTime: boolean
}

/** The key of a row: its cells in the ordering columns. */
export type Key = readonly KeyCell[]

/** The range of a page. */
export interface PageSpan {
  /** First key, inclusive. It may cover only the leading ordering columns. */
  readonly from: Key | undefined
  /** Exclusive end of the first ordering column, in milliseconds since 1970. */
  readonly until: number | undefined
}

/**
 * Builds the query for one page, in key order. The inner query has its own lines, so that a trailing comment ends with
 * it.
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

/** Builds the query that counts the rows in a range. */
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

/** The key that starts at a time in milliseconds since 1970. */
export function keyAt(ms: number): Key {
  return [{ value: new Date(ms).toISOString(), isTime: true }]
}

/**
 * Builds `a > 1 or (a = 1 and b >= 2)`. An index serves each part, but not a tuple comparison. Null sorts last, so it
 * compares as the greatest value; the engine drops the check for columns that are never null.
 */
function atLeast(columns: readonly HogQL<never>[], from: Key): HogQL<never> {
  const last = from.length - 1
  const cases = columns.slice(0, from.length).map((column, at) => {
    const equal = columns.slice(0, at).map((before, index) => hogql`${before} = ${bound(from[index])}`)
    const compare = hogql.raw(at === last ? '>=' : '>')
    const greater = hogql`(${column} ${compare} ${bound(from[at])} or ${column} is null)`
    return hogql`(${hogql.join([...equal, greater], ' and ')})`
  })
  return hogql.join(cases, ' or ')
}

function bound(cell: KeyCell | undefined): HogQL<unknown> {
  if (cell === undefined) return hogql`${null}`
  return cell.isTime ? hogql`toDateTime(${String(cell.value)})` : hogql`${cell.value}`
}

/**
 * Creates a function that reads the key of a row. It returns undefined if a cell of the key is null.
 *
 * @throws ConfigurationError for a missing column, or a float column, whose NaN has no order
 */
export function keyReader(columns: Columns, orderBy: readonly string[]): (cells: unknown) => Key | undefined {
  const keyColumns = orderBy.map((name) => {
    const at = columns.names.indexOf(name)
    const type = columns.types[at] ?? ''
    // NaN sorts last, but no comparison with it is true.
    if (/Float/.test(type)) throw unordered(name, type)
    if (at >= 0) return { at, isTime: /DateTime/.test(type) }
    throw new ConfigurationError({
      message: `\`orderBy\` names "${name}", but the query has the columns ${columns.names.join(', ')}.`,
      fix: 'Order by columns that the query selects.',
    })
  })
  return (cells) => {
    const key = keyColumns.map(({ at, isTime }) => ({ value: Object(cells)[at] as unknown, isTime }))
    return key.every(isKeyCell) ? key : undefined
  }
}

function isKeyCell(cell: { readonly value: unknown; readonly isTime: boolean }): cell is KeyCell {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof cell.value)
}

function unordered(name: string, type: string): ConfigurationError {
  return new ConfigurationError({
    message: `\`orderBy\` names "${name}", whose type ${type} has unordered values (NaN).`,
    fix: 'Order by string, integer or time columns.',
  })
}

/** Whether two keys are equal. */
export function sameKey(one: Key, other: Key | undefined): boolean {
  return other !== undefined && one.every(({ value }, at) => value === other[at]?.value)
}

/** Serializes a key for `after`. */
export function writeKey(key: Key): string {
  return JSON.stringify(key.map(({ value, isTime }) => [typeof value, String(value), isTime]))
}

/**
 * Parses a key from `after`.
 *
 * @throws ConfigurationError for an invalid key
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
    message: '`after` is not the `next` of a page of this query.',
    fix: 'Pass `next` unchanged, with the same `orderBy`.',
  })
}

function valueOfType(type: string, value: string): KeyCell['value'] {
  if (type === 'number') return Number(value)
  if (type === 'bigint') return BigInt(value)
  return type === 'boolean' ? value === 'true' : value
}
