import type { OpenApiDocument, SchemaObject } from '../../document.ts'
import { referencedSchema } from '../../walk/references.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * Reduces the five spellings of "or null" to two: `type: [x, 'null']` for schemas with a type, and
 * `anyOf: [$ref, {type: 'null'}]` for references and unions. Null comes last. `NullEnum` and `BlankEnum`, which Django
 * REST Framework adds beside an enum, are inlined.
 */
export function foldNullSpellings(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  const schemas = document.components?.schemas ?? {}
  const constants = new Map<string, SchemaObject>()
  for (const [name, schema] of Object.entries(schemas)) {
    if (isNull(schema)) constants.set(name, { type: 'null' })
    else if (schema.const === '' || isBlankEnum(schema)) constants.set(name, { type: 'string', const: '' })
  }
  rewriteSchemas(document, (schema, pointer) => {
    const folded = foldEnum(foldTypes(foldUnion(schema, constants)))
    if (folded !== schema) count.add(pointer)
    return folded
  })
  return count
}

function foldUnion(schema: SchemaObject, constants: ReadonlyMap<string, SchemaObject>): SchemaObject {
  const key = schema.anyOf !== undefined ? 'anyOf' : 'oneOf'
  const listed = schema[key]
  if (listed === undefined) return schema
  const members = listed.map((member) => {
    const name = Object.keys(member).length === 1 ? referencedSchema(member.$ref) : undefined
    return (name === undefined ? undefined : constants.get(name)) ?? member
  })
  const others = members.filter((member) => !isNull(member))
  const { [key]: _, ...rest } = schema
  if (others.length === members.length) {
    return members.some((member, index) => member !== listed[index]) ? { ...schema, [key]: members } : schema
  }
  const [only] = others
  if (only === undefined) return { ...rest, type: 'null' }
  if (others.length === 1 && hasPlainType(only)) {
    const { const: value, ...plain } = only
    const values = value === undefined ? {} : { enum: [value, null] }
    return {
      ...plain,
      ...values,
      ...rest,
      type: [...typesOf(only).filter((type) => type !== 'null'), 'null'],
    }
  }
  if (rest.discriminator !== undefined) {
    const { discriminator, ...outer } = rest
    return { ...outer, anyOf: [{ [key]: others, discriminator }, { type: 'null' }] }
  }
  const lastIsNull = isNull(members.at(-1) ?? {}) && others.length === members.length - 1
  const unchanged =
    key === 'anyOf' && lastIsNull && members.every((member, index) => member === listed[index])
  return unchanged ? schema : { ...rest, anyOf: [...others, { type: 'null' }] }
}

function foldTypes(schema: SchemaObject): SchemaObject {
  if (!Array.isArray(schema.type)) return schema
  const others = schema.type.filter((type) => type !== 'null')
  const ordered = schema.type.includes('null') ? [...others, 'null'] : others
  const [only] = ordered
  if (ordered.length === 1 && only !== undefined) return { ...schema, type: only }
  return ordered.every((type, index) => type === schema.type?.[index]) ? schema : { ...schema, type: ordered }
}

/** Adds null to the type or to the values when only the other one has it. */
function foldEnum(schema: SchemaObject): SchemaObject {
  if (schema.enum === undefined || schema.type === undefined || schema.type === 'null') return schema
  const inType = Array.isArray(schema.type) && schema.type.includes('null')
  const inValues = schema.enum.includes(null)
  const values = schema.enum.filter((value) => value !== null)
  if (inType && schema.enum.at(-1) === null) return schema
  if (!inType && !inValues) return schema
  return { ...schema, type: inType ? schema.type : [...typesOf(schema), 'null'], enum: [...values, null] }
}

function isNull(schema: SchemaObject): boolean {
  if (schema.type === 'null') return true
  return schema.type === undefined && schema.enum?.length === 1 && schema.enum[0] === null
}

function isBlankEnum(schema: SchemaObject): boolean {
  return schema.enum?.length === 1 && schema.enum[0] === ''
}

function hasPlainType(schema: SchemaObject): boolean {
  if (schema.type === undefined || schema.$ref !== undefined) return false
  return schema.anyOf === undefined && schema.oneOf === undefined && schema.allOf === undefined
}

function typesOf(schema: SchemaObject): string[] {
  if (schema.type === undefined) return []
  return Array.isArray(schema.type) ? schema.type : [schema.type]
}

/**
 * Removes the type of properties that the document describes as always null. They contain any JSON; the document lost
 * everything but the null.
 */
export function openNullOnlyFields(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  rewriteSchemas(document, (schema, pointer) => {
    if (schema.type !== 'null' || !/\/properties\/[^/]+$/.test(pointer)) return schema
    delete schema.type
    count.add(pointer)
    return schema
  })
  return count
}

/**
 * Drops `default: null`, which query schemas set on every optional property. It means the same as a missing property,
 * and a validator would write the null into the validated value.
 */
export function dropNullDefaults(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  rewriteSchemas(document, (schema, pointer) => {
    if (schema.default !== null) return schema
    delete schema.default
    count.add(pointer)
    return schema
  })
  return count
}
