import type { SchemaObject } from '../document.ts'

/** A schema of a normalised document, with "or null" told apart from the rest. */
export interface NullableView {
  readonly core: SchemaObject
  readonly nullable: boolean
}

/** Takes "or null" off a schema, in both forms that normalised documents have. */
export function nullableView(schema: SchemaObject): NullableView {
  if (Array.isArray(schema.type) && schema.type.includes('null')) {
    const types = schema.type.filter((type) => type !== 'null')
    const [only] = types
    const core: SchemaObject = { ...schema, type: types.length === 1 && only !== undefined ? only : types }
    if (core.enum !== undefined) core.enum = core.enum.filter((value) => value !== null)
    return { core, nullable: true }
  }
  const members = schema.anyOf?.filter((member) => member.type !== 'null')
  if (members === undefined || members.length === schema.anyOf?.length)
    return { core: schema, nullable: false }
  const { anyOf: _, ...rest } = schema
  const [only] = members
  if (members.length === 1 && only !== undefined) return { core: { ...only, ...rest }, nullable: true }
  return { core: { ...rest, anyOf: members }, nullable: true }
}
