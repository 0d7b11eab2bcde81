import { isObject } from '../../../shared/is-object.ts'

type Properties = Readonly<Record<string, unknown>>

/** A condition on properties, as in feature flags, cohorts and lists of persons. */
export interface PropertyFilter {
  readonly key: string
  readonly type?: string
  readonly operator?: string | null
  readonly value?: unknown
  readonly negation?: boolean
}

const DATE_OPERATORS = ['is_date_exact', 'is_date_after', 'is_date_before']

/** Whether properties match a condition. Relative dates such as `-7d` count from `now`. */
export function matchesFilter(filter: PropertyFilter, properties: Properties, now: Date): boolean {
  const matches = matchesOperator(filter, properties, now)
  return filter.negation === true ? !matches : matches
}

function matchesOperator(filter: PropertyFilter, properties: Properties, now: Date): boolean {
  const operator = filter.operator ?? 'exact'
  const actual = Object.hasOwn(properties, filter.key) ? properties[filter.key] : undefined
  const isSet = actual !== undefined && actual !== null
  if (operator === 'is_set') return isSet
  if (operator === 'is_not_set') return !isSet
  if (operator === 'is_not' || operator.startsWith('not_')) {
    const positive = operator === 'is_not' ? 'exact' : operator.slice('not_'.length)
    return !matchesOperator({ ...filter, operator: positive }, properties, now)
  }
  if (!isSet) return false
  const expected = Array.isArray(filter.value) ? filter.value : [filter.value]
  const text = toText(actual)
  if (operator === 'exact' || operator === 'in') {
    return expected.some((value) => toText(value).toLowerCase() === text.toLowerCase())
  }
  if (operator === 'icontains') {
    return expected.some((value) => text.toLowerCase().includes(toText(value).toLowerCase()))
  }
  const [value] = expected
  if (operator === 'regex') return toRegex(toText(value))?.test(text) === true
  if (DATE_OPERATORS.includes(operator)) return compareDates(operator, text, toText(value), now)
  return compare(operator, text, toText(value))
}

/** Compares as numbers when both sides are numbers, otherwise as text. */
function compare(operator: string, left: string, right: string): boolean {
  const numbers = left.trim() !== '' && right.trim() !== '' ? [Number(left), Number(right)] : []
  const [a = Number.NaN, b = Number.NaN] = numbers
  const order = Number.isNaN(a) || Number.isNaN(b) ? (left < right ? -1 : left > right ? 1 : 0) : a - b
  if (operator === 'gt') return order > 0
  if (operator === 'gte') return order >= 0
  if (operator === 'lt') return order < 0
  if (operator === 'lte') return order <= 0
  return false
}

function compareDates(operator: string, left: string, right: string, now: Date): boolean {
  const a = Date.parse(left)
  const b = toTime(right, now)
  if (Number.isNaN(a) || Number.isNaN(b)) return false
  if (operator === 'is_date_after') return a > b
  if (operator === 'is_date_before') return a < b
  return new Date(a).toISOString().slice(0, 10) === new Date(b).toISOString().slice(0, 10)
}

const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  m: 30 * 86_400_000,
  y: 365 * 86_400_000,
}

function toTime(text: string, now: Date): number {
  const relative = /^-?(\d+)([hdwmy])$/.exec(text)
  const unit = UNIT_MS[relative?.[2] ?? '']
  return unit === undefined ? Date.parse(text) : now.getTime() - Number(relative?.[1]) * unit
}

function toRegex(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern)
  } catch {
    return undefined
  }
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** Returns a value as a condition, or undefined when it is not one. */
function asFilter(value: unknown): PropertyFilter | undefined {
  // A value with a key is a condition; the other members are checked where they are read.
  return isObject(value) && typeof value['key'] === 'string'
    ? (value as unknown as PropertyFilter)
    : undefined
}

/**
 * Whether a tree of conditions matches. A list and `{values}` are joined by AND, `{type: 'OR', values}` by OR.
 *
 * @param matches Whether one condition matches. A value that is not a condition never matches.
 */
export function matchesTree(tree: unknown, matches: (filter: PropertyFilter) => boolean): boolean {
  if (tree === undefined || tree === null) return true
  if (Array.isArray(tree)) return tree.every((branch) => matchesTree(branch, matches))
  if (!isObject(tree)) return false
  const { values } = tree
  if (Array.isArray(values) && !('key' in tree)) {
    if (tree['type'] !== 'OR') return values.every((branch) => matchesTree(branch, matches))
    return values.length === 0 || values.some((branch) => matchesTree(branch, matches))
  }
  const filter = asFilter(tree)
  if (filter === undefined) return Object.keys(tree).length === 0
  return matches(filter)
}

/** All conditions of a tree. */
export function filtersIn(tree: unknown): PropertyFilter[] {
  if (Array.isArray(tree)) return tree.flatMap(filtersIn)
  if (!isObject(tree)) return []
  if (Array.isArray(tree['values']) && !('key' in tree)) return tree['values'].flatMap(filtersIn)
  const filter = asFilter(tree)
  return filter === undefined ? [] : [filter]
}
