import { isPlainObject } from '../../runtime/config/check-options.ts'

/** One difference between an object and its copy. */
export interface ObjectChange {
  /** Place in the object, such as `filters.groups[0].rollout_percentage`. */
  readonly path: string
  /** The value in the target project. Undefined if it is absent. */
  readonly from: unknown
  /** The value after a copy. Undefined if a copy removes it. */
  readonly to: unknown
}

/** Lists the differences of two JSON values. Absent values, null, empty objects and empty arrays are equal. */
export function jsonChanges(from: unknown, to: unknown, path = ''): ObjectChange[] {
  if (isEmpty(from) && isEmpty(to)) return []
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    return to.flatMap((item, index) => jsonChanges(from[index], item, `${path}[${index}]`))
  }
  if (isPlainObject(from) && isPlainObject(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])]
    return names.flatMap((name) => jsonChanges(from[name], to[name], path === '' ? name : `${path}.${name}`))
  }
  if (from === to) return []
  return [{ path, from: from ?? undefined, to: to ?? undefined }]
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (isPlainObject(value)) return Object.keys(value).length === 0
  return value === null || value === undefined
}
