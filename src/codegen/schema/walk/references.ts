import { isObject } from '../../../shared/is-object.ts'
import type { OpenApiDocument, SchemaObject } from '../document.ts'
import { appendPointer } from './json-pointer.ts'

const schemaPrefix = '#/components/schemas/'

/** Returns the `$ref` of a component schema. */
export function schemaReference(name: string): string {
  return `${schemaPrefix}${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** Returns the name of the referenced component schema, or undefined for any other reference. */
export function referencedSchema(reference: string | undefined): string | undefined {
  if (reference === undefined || !reference.startsWith(schemaPrefix)) return undefined
  const rest = reference.slice(schemaPrefix.length)
  return rest.includes('/') ? undefined : rest.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** Maximum length of a chain of references. It stops at cycles. */
const maxChainLength = 20

/** Follows the references of a schema. Returns the schema itself when it has none. */
export function resolveSchema(document: OpenApiDocument, schema: SchemaObject): SchemaObject {
  let current = schema
  for (let step = 0; step < maxChainLength; step += 1) {
    const name = referencedSchema(current.$ref)
    const target = name === undefined ? undefined : document.components?.schemas?.[name]
    if (target === undefined) return current
    current = target
  }
  return current
}

/** A reference with its place. */
export interface LocatedReference {
  readonly reference: string
  /** JSON pointer of `holder`. */
  readonly pointer: string
  /** The object that contains the `$ref`. */
  readonly holder: Record<string, unknown>
}

/** Keys whose value is data. A `$ref` inside is not a reference. */
const dataKeys: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'example', 'examples'])

/** Keys whose value maps names to objects. A name may be `$ref` or `mapping`. */
const mapKeys: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'schemas', 'paths'])

/** Yields every `$ref` and every reference of a discriminator mapping, in document order. */
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

/** Yields the name of every component schema that is referenced below a value, in document order. */
export function* schemasReferencedIn(value: unknown): Generator<string> {
  for (const { reference } of referencesOf(value)) {
    const name = referencedSchema(reference)
    if (name !== undefined) yield name
  }
}
