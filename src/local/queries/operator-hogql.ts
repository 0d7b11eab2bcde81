import { HogqlError } from '../../hogql/hogql-error.ts'
import { notImplemented } from '../http/api-error.ts'
import type { FilterContext } from './filter-context.ts'
import { allOf, anyOf } from './hogql-values.ts'
import { relativeTime } from './relative-date.ts'
import { semverRange } from './semver-range.ts'

/** A comparison of a HogQL field with the value of a filter. */
export interface Comparison {
  readonly field: string
  /** Default: `exact`. */
  readonly operator: unknown
  readonly value: unknown
}

const COMPARISONS: Readonly<Record<string, string>> = {
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  min: '>=',
  max: '<=',
}
const DATES: Readonly<Record<string, string>> = {
  is_date_exact: '=',
  is_date_before: '<',
  is_date_after: '>',
}
const SEMVER: Readonly<Record<string, string>> = {
  semver_eq: '=',
  semver_neq: '!=',
  semver_gt: '>',
  semver_gte: '>=',
  semver_lt: '<',
  semver_lte: '<=',
}

/** Versions that PostHog compares: three numbers, and a suffix. */
const VERSION = String.raw`^\s*v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:[-+][^\s]*)?\s*$`

/** Operators that an event without the property matches. */
const NEGATIVE = ['is_not', 'not_in', 'not_icontains', 'not_icontains_multi', 'not_regex', 'not_between']

/**
 * HogQL condition of a comparison. The comparison is never NULL: a missing property fails it, and passes a negative one.
 *
 * @throws ApiError 501 for an operator that the local PostHog does not compute.
 * @see PostHog/posthog posthog/hogql/property.py, _expr_to_compare_op
 */
export function operatorHogql({ field, operator, value }: Comparison, context: FilterContext): string {
  const name = String(operator ?? 'exact')
  if (name === 'is_set') return `isNotNull(${field})`
  if (name === 'is_not_set') return `isNull(${field})`
  if (name === 'between' || name === 'not_between') return betweenHogql(field, name, value, context)
  const list = Array.isArray(value) ? value : [value]
  if (list.length === 0) return allOf([])
  const negative = NEGATIVE.includes(name)
  const positive = negative ? (name === 'is_not' ? 'exact' : name.slice('not_'.length)) : name
  if (positive === 'exact' || positive === 'in') {
    const inside = `ifNull(has(${context.values.add(list.map(toText))}, toString(${field})), 0)`
    return negative ? `NOT ${inside}` : inside
  }
  const any = anyOf(list.map((item) => compareHogql(field, positive, item, context)))
  return negative ? `NOT (${any})` : any
}

function compareHogql(
  field: string,
  operator: string,
  value: unknown,
  { values, project, now }: FilterContext,
): string {
  const text = `toString(${field})`
  if (operator === 'icontains') return `ifNull(${text} ILIKE ${values.add(`%${toText(value)}%`)}, 0)`
  if (operator === 'icontains_multi') {
    return `ifNull(positionCaseInsensitive(${text}, ${values.add(toText(value))}) > 0, 0)`
  }
  if (operator === 'regex') return `ifNull(match(${text}, ${values.add(toText(value))}), 0)`
  const comparison = COMPARISONS[operator]
  if (comparison !== undefined) {
    const number = value === '' || typeof value === 'boolean' ? Number.NaN : Number(value)
    return Number.isFinite(number)
      ? `ifNull(toFloat(${text}) ${comparison} ${values.add(number)}, 0)`
      : `ifNull(${text} ${comparison} ${values.add(toText(value))}, 0)`
  }
  const date = DATES[operator]
  if (date !== undefined) {
    const time = values.add(relativeTime(toText(value), now, project.timezone) ?? toText(value))
    return `ifNull(toDateTime(${text}) ${date} toDateTime(${time}), 0)`
  }
  if (operator === 'is_cleaned_path_exact') {
    const clean = (path: string): string =>
      project.pathCleaning.reduce(
        (inner, { regex, alias }) => `replaceRegexpAll(${inner}, ${values.add(regex)}, ${values.add(alias)})`,
        path,
      )
    return `ifNull(${clean(text)} = ${clean(values.add(toText(value)))}, 0)`
  }
  const range = semverRange(operator, toText(value))
  const order = SEMVER[operator]
  const bounds: readonly (readonly [string, string])[] =
    range === undefined
      ? []
      : [
          ['>=', range.from],
          ['<', range.before],
        ]
  const compared = order === undefined ? bounds : [[order, toText(value)] as const]
  if (compared.length === 0) throw notImplemented(`the property operator ${operator}`)
  // A value that is no version matches no comparison of versions.
  return allOf([
    `ifNull(match(${text}, ${values.add(VERSION)}), 0)`,
    ...compared.map(
      ([sign, version]) =>
        `ifNull(sortableSemver(${text}) ${sign} sortableSemver(${values.add(version)}), 0)`,
    ),
  ])
}

function betweenHogql(field: string, operator: string, value: unknown, { values }: FilterContext): string {
  const bounds = Array.isArray(value) ? value.map(Number) : []
  const [low, high] = bounds
  if (low === undefined || high === undefined || bounds.length !== 2) {
    throw new HogqlError(`${operator} operator requires a two-element array [min, max]`)
  }
  if (Number.isNaN(low) || Number.isNaN(high))
    throw new HogqlError(`${operator} operator requires numeric values`)
  if (low > high) {
    throw new HogqlError(`${operator} operator requires min value to be less than or equal to max value`)
  }
  const number = `toFloat(toString(${field}))`
  return operator === 'between'
    ? allOf([`ifNull(${number} >= ${values.add(low)}, 0)`, `ifNull(${number} <= ${values.add(high)}, 0)`])
    : anyOf([`ifNull(${number} < ${values.add(low)}, 0)`, `ifNull(${number} > ${values.add(high)}, 0)`])
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
