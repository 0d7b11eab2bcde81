import { referencedSchema } from '../schema/walk/component-reference.ts'

/** Name of every component schema that is referred to below a value, in document order. */
export function* schemasReferencedIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* schemasReferencedIn(item)
    return
  }
  if (value === null || typeof value !== 'object') return
  for (const [key, child] of Object.entries(value)) {
    const name = key === '$ref' && typeof child === 'string' ? referencedSchema(child) : undefined
    if (name === undefined) yield* schemasReferencedIn(child)
    else yield name
  }
}
