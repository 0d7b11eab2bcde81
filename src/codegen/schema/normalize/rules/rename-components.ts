import type { OpenApiDocument, SchemaObject } from '../../document.ts'
import { pascalCase, wordsOf } from '../../naming/words.ts'
import { referencedSchema, schemaReference } from '../../walk/component-reference.ts'
import { appendPointer } from '../../walk/json-pointer.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** Goes before a name that would clash once a generator has changed its case: `_DateRange` beside `DateRange`. */
const clashPrefix = 'Inner'

/**
 * Gives every component schema a name that is an identifier and stays unique whatever a generator does to its case.
 * Among names that fold to the same one, the one without a leading underscore keeps it.
 */
export function renameComponents(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  const schemas = document.components?.schemas
  if (schemas === undefined) return count
  const renames = planRenames(Object.keys(schemas))
  if (renames.size === 0) return count

  const renamed = Object.entries(schemas).map(
    ([name, schema]) => [renames.get(name) ?? name, schema] as const,
  )
  document.components = { ...document.components, schemas: Object.fromEntries(renamed) }
  for (const name of renames.keys()) count.add(appendPointer('/components/schemas', name))
  rewriteSchemas(document, (schema) => redirect(schema, renames))
  return count
}

function planRenames(names: readonly string[]): Map<string, string> {
  const renames = new Map<string, string>()
  const taken = new Set<string>()
  const ranked = [...names].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  for (const name of ranked) {
    let target = cleanName(name)
    while (taken.has(fold(target))) target = `${clashPrefix}${target}`
    taken.add(fold(target))
    if (target !== name) renames.set(name, target)
  }
  return renames
}

function cleanName(name: string): string {
  const bare = name.replace(/^_+/, '')
  if (/^[A-Za-z]\w*$/.test(bare)) return bare
  const joined = pascalCase(wordsOf(bare))
  return /^[A-Za-z]/.test(joined) ? joined : `Type${joined}`
}

/** Names that are fine as they are choose first, so that a rename never takes a name from one of them. */
function rank(name: string): number {
  return cleanName(name) === name ? 0 : 1
}

/** What is left of a name when case and joints are gone. */
function fold(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()
}

function redirect(schema: SchemaObject, renames: ReadonlyMap<string, string>): SchemaObject {
  const target = (reference: string | undefined): string | undefined => {
    const name = referencedSchema(reference)
    const renamed = name === undefined ? undefined : renames.get(name)
    return renamed === undefined ? undefined : schemaReference(renamed)
  }
  const reference = target(schema.$ref)
  if (reference !== undefined) schema.$ref = reference
  const mapping = schema.discriminator?.mapping ?? {}
  for (const [value, mapped] of Object.entries(mapping)) mapping[value] = target(mapped) ?? mapped
  return schema
}
