import { isObject } from '../../../../shared/is-object.ts'
import type { OpenApiDocument, SchemaObject } from '../../document.ts'
import { pascalCase, wordsOf } from '../../naming/words.ts'
import { appendPointer } from '../../walk/json-pointer.ts'
import { referencedSchema, schemaReference } from '../../walk/references.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** Prefix of a name that would collide after a generator changes its case: `_DateRange` beside `DateRange`. */
const collisionPrefix = 'Inner'

/**
 * Gives every component schema a name that is an identifier and unique without regard to case and separators. When
 * names collide, the one without a leading underscore is unchanged.
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
    while (taken.has(fold(target))) target = `${collisionPrefix}${target}`
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

/** Valid names come first, so that a renamed component never takes the name of another one. */
function rank(name: string): number {
  return cleanName(name) === name ? 0 : 1
}

/** Removes case and separators from a name. */
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

/** Names that end in a version or in a term with a number. */
const numberInName = /(?:V|OAuth|Sha|Base|Utf|Ipv|Md|S)\d+$/i

/**
 * Marks numbered components (`Response26`, `QueryResponseAlternative7`) with `x-typehog-internal: true`. The numbers
 * change between releases of PostHog, so these names must not become public.
 */
export function markNumberedComponents(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    if (!/\d$/.test(name) || numberInName.test(name) || schema['x-typehog-internal'] === true) continue
    schema['x-typehog-internal'] = true
    count.add(appendPointer('/components/schemas', name))
  }
  return count
}

/** Drops component schemas and parameters that no operation references. */
export function dropUnusedComponents(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  const schemas = document.components?.schemas ?? {}
  const parameters = document.components?.parameters ?? {}
  const usedSchemas = new Set<string>()
  const usedParameters = new Set<string>()
  const pending: unknown[] = [document.paths]
  while (pending.length > 0) {
    const value = pending.pop()
    if (Array.isArray(value)) for (const item of value) pending.push(item)
    else if (isObject(value)) {
      const reference = typeof value['$ref'] === 'string' ? value['$ref'] : undefined
      const schema = referencedSchema(reference)
      const parameter = /^#\/components\/parameters\/([^/]+)$/.exec(reference ?? '')?.[1]
      if (schema !== undefined && !usedSchemas.has(schema)) {
        usedSchemas.add(schema)
        pending.push(schemas[schema])
      }
      if (parameter !== undefined && !usedParameters.has(parameter)) {
        usedParameters.add(parameter)
        pending.push(parameters[parameter])
      }
      for (const child of Object.values(value)) pending.push(child)
    }
  }
  for (const [section, used] of [
    ['schemas', usedSchemas],
    ['parameters', usedParameters],
  ] as const) {
    const map = section === 'schemas' ? schemas : parameters
    for (const name of Object.keys(map)) {
      if (used.has(name)) continue
      delete map[name]
      count.add(appendPointer(`/components/${section}`, name))
    }
  }
  return count
}
