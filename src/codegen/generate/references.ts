import { referencedSchema } from '../schema/walk/component-reference.ts'
import { referencesOf } from '../schema/walk/references.ts'

/** Name of every component schema that is referred to below a value, in document order. */
export function* schemasReferencedIn(value: unknown): Generator<string> {
  for (const { reference } of referencesOf(value)) {
    const name = referencedSchema(reference)
    if (name !== undefined) yield name
  }
}
