import { isPlainObject, unexpected } from './check-options.ts'

/** What JSON can write: anything else would be dropped, become null, or end in an error of the engine. */
const expected = 'a text, a finite number, a boolean, a valid Date, null, or lists and objects of these'

/**
 * Refuses a value that JSON cannot write as it is, anywhere in lists and objects, however deep.
 *
 * @param name what the value is called, such as `variables`
 * @throws ConfigurationError that names the place of the first such value
 */
export function refuseUnwritable(name: string, value: unknown): void {
  /** Values that are still to be looked at; `leave` marks the end of an object's own. */
  const pending: { readonly path: string; readonly value: unknown; readonly leave?: object }[] = [
    { path: name, value },
  ]
  const ancestors = new Set<object>()
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, value: item, leave } = next
    if (leave !== undefined) ancestors.delete(leave)
    else if (Array.isArray(item) || isPlainObject(item)) {
      if (ancestors.has(item)) throw unexpected(`\`${path}\``, item, `${expected}; it contains itself`)
      ancestors.add(item)
      pending.push({ path, value: undefined, leave: item })
      const entries = Array.isArray(item) ? Array.from(item).entries() : Object.entries(item)
      for (const [key, child] of entries) pending.push({ path: `${path}.${key}`, value: child })
    } else if (!isWritable(item)) throw unexpected(`\`${path}\``, item, expected)
  }
}

function isWritable(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  return value instanceof Date && !Number.isNaN(value.getTime())
}
