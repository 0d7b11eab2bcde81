import { isObject } from '../../shared/is-object.ts'
import { propertyKey } from '../endpoints/identifiers.ts'
import { byCodeUnit } from '../source-text.ts'

/** The type of a JSON value. A list of shapes is a union. */
export type JsonShape =
  | 'string'
  | 'number'
  | 'boolean'
  | 'null'
  | 'unknown'
  | { readonly array: readonly JsonShape[] }
  | { readonly object: Readonly<Record<string, JsonShape>> }

/** Depth below which values are `unknown`. */
const maxDepth = 5
/** Number of members of an object above which it is `unknown`. */
const maxMembers = 100

/** Returns the type of a parsed JSON value. */
export function shapeOf(value: unknown, depth = 0): JsonShape {
  if (value === null) return 'null'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  if (depth >= maxDepth) return 'unknown'
  if (Array.isArray(value)) return { array: distinct(value.map((item) => shapeOf(item, depth + 1))) }
  if (!isObject(value) || Object.keys(value).length > maxMembers) return 'unknown'
  const members = Object.entries(value)
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([name, member]) => [name, shapeOf(member, depth + 1)] as const)
  return { object: Object.fromEntries(members) }
}

/** Returns the type of the text of a payload, as `featureFlags.evaluate` reads it: JSON, or else the text itself. */
export function shapeOfPayload(text: unknown): JsonShape {
  if (typeof text !== 'string') return shapeOf(text)
  try {
    return shapeOf(JSON.parse(text))
  } catch {
    return 'string'
  }
}

/** Renders a shape as a TypeScript type. */
export function renderShape(shape: JsonShape): string {
  if (typeof shape === 'string') return shape
  if ('array' in shape) {
    const items = shape.array.map(renderShape)
    if (items.length > 1) return `readonly (${items.join(' | ')})[]`
    // `readonly` binds to the innermost array only.
    return items[0]?.startsWith('readonly')
      ? `readonly (${items[0]})[]`
      : `readonly ${items[0] ?? 'unknown'}[]`
  }
  const members = Object.entries(shape.object).map(
    ([name, member]) => `readonly ${propertyKey(name)}: ${renderShape(member)}`,
  )
  return members.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${members.join('; ')} }`
}

/** Whether code that was written for `before` can read values of `after`. */
export function isReadableAs(before: JsonShape, after: JsonShape): boolean {
  if (before === 'unknown' || isSameShape(before, after)) return true
  if (typeof before === 'string' || typeof after === 'string') return false
  if ('array' in before) {
    const known = before.array
    if (!('array' in after)) return false
    return known.length === 0 || after.array.every((item) => known.some((type) => isReadableAs(type, item)))
  }
  if (!('object' in after)) return false
  return Object.entries(before.object).every(([name, member]) => {
    const now = Object.hasOwn(after.object, name) ? after.object[name] : undefined
    return now !== undefined && isReadableAs(member, now)
  })
}

/** Whether a value of a lock file is a shape. */
export function isJsonShape(value: unknown): value is JsonShape {
  if (typeof value === 'string') return ['string', 'number', 'boolean', 'null', 'unknown'].includes(value)
  if (!isObject(value)) return false
  const { array, object } = value
  if (Array.isArray(array)) return array.every(isJsonShape)
  return isObject(object) && Object.values(object).every(isJsonShape)
}

function isSameShape(a: JsonShape, b: JsonShape): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function distinct(shapes: readonly JsonShape[]): JsonShape[] {
  const byText = new Map(shapes.map((shape) => [JSON.stringify(shape), shape]))
  return [...byText].sort(([a], [b]) => byCodeUnit(a, b)).map(([, shape]) => shape)
}
