import { isObject } from './is-object.ts'
import { appendPointer } from './json-pointer.ts'

/** A reference in a document. */
export interface LocatedReference {
  readonly reference: string
  /** Place of the object that holds it. */
  readonly pointer: string
  readonly holder: Record<string, unknown>
}

/** Keys whose value is data, in which `$ref` would be a name like any other. */
const dataKeys: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'example', 'examples'])

/** Keys whose value maps names of the API to objects, so that its keys say nothing about structure. */
const mapKeys: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'schemas', 'paths'])

/** Every `$ref` and every reference in a discriminator mapping, in document order. */
export function* referencesOf(value: unknown, pointer = '', isMap = false): Generator<LocatedReference> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (item !== null && typeof item === 'object') yield* referencesOf(item, `${pointer}/${index}`)
    }
    return
  }
  if (!isObject(value)) return
  if (!isMap && typeof value['$ref'] === 'string') yield { reference: value['$ref'], pointer, holder: value }
  for (const [key, child] of Object.entries(value)) {
    if (child === null || typeof child !== 'object' || (!isMap && dataKeys.has(key))) continue
    const place = appendPointer(pointer, key)
    if (!isMap && key === 'mapping') {
      for (const [name, target] of Object.entries(child)) {
        if (typeof target === 'string' && target.includes('/')) {
          yield { reference: target, pointer: appendPointer(place, name), holder: {} }
        }
      }
    } else yield* referencesOf(child, place, !isMap && mapKeys.has(key))
  }
}
