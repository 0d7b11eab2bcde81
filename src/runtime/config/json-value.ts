import { isPlainObject, unexpected } from './check-options.ts'

/** Values that JSON can represent. `JSON.stringify` drops others, writes null, or throws the engine's own error. */
const expected = 'a string, a finite number, a boolean, a valid Date, null, or arrays and objects of these'

/**
 * Throws for a value that JSON cannot represent, at any depth of arrays and objects.
 *
 * @param name name of the value in errors, such as `variables`
 * @throws ConfigurationError with the path of the first invalid value
 */
export function assertJsonValue(name: string, value: unknown): void {
  /** Values to visit. `leave` marks the end of an object's children. */
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
