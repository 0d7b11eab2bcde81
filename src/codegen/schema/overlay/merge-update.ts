import { isObject } from '../walk/is-object.ts'

/**
 * Merges an overlay update into a node in place, as Overlay 1.0 says: objects key by key, lists by appending, and
 * everything else by replacing. Values are copied, so two targets never share one.
 */
export function mergeUpdate(target: Record<string, unknown>, update: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(update)) {
    // A key like `__proto__` would change the prototype and not the node.
    if (key === '__proto__') continue
    const current = Object.hasOwn(target, key) ? target[key] : undefined
    if (isObject(current) && isObject(value)) mergeUpdate(current, value)
    else if (Array.isArray(current) && Array.isArray(value)) current.push(...structuredClone(value))
    else target[key] = structuredClone(value)
  }
}
