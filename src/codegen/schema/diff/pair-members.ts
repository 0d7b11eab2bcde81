import type { OpenApiDocument, SchemaObject } from '../document.ts'
import { referencedSchema, resolveSchema } from '../walk/references.ts'

/** Matching members of two unions, and the members without a match. */
export interface MemberPairs {
  readonly pairs: readonly (readonly [older: SchemaObject, newer: SchemaObject])[]
  readonly removed: readonly SchemaObject[]
  readonly added: readonly SchemaObject[]
}

/** Minimum share of common property names for two unnamed members to match. */
const minCommonShare = 0.5

/**
 * Pairs the members of two unions: first by component name, then by equal content, then by common property names. The
 * names of numbered components are ignored, because the numbers change between releases.
 */
export function pairMembers(
  older: { readonly document: OpenApiDocument; readonly members: readonly SchemaObject[] },
  newer: { readonly document: OpenApiDocument; readonly members: readonly SchemaObject[] },
): MemberPairs {
  const pairs: (readonly [SchemaObject, SchemaObject])[] = []
  let removed = older.members.map((schema) => describe(older.document, schema))
  let added = newer.members.map((schema) => describe(newer.document, schema))

  for (const key of ['name', 'text'] as const) {
    const rest: Member[] = []
    for (const member of removed) {
      const partner = added.find((candidate) => member[key] !== undefined && candidate[key] === member[key])
      if (partner === undefined) rest.push(member)
      else {
        pairs.push([member.schema, partner.schema])
        added = added.filter((candidate) => candidate !== partner)
      }
    }
    removed = rest
  }

  const unpaired: Member[] = []
  for (const member of removed) {
    const partner = closest(member, added)
    if (partner === undefined) unpaired.push(member)
    else {
      pairs.push([member.schema, partner.schema])
      added = added.filter((candidate) => candidate !== partner)
    }
  }
  return { pairs, removed: unpaired.map(({ schema }) => schema), added: added.map(({ schema }) => schema) }
}

interface Member {
  readonly schema: SchemaObject
  /** Component name; undefined for a numbered component. */
  readonly name: string | undefined
  readonly text: string
  readonly properties: ReadonlySet<string>
}

function describe(document: OpenApiDocument, schema: SchemaObject): Member {
  const resolved = resolveSchema(document, schema)
  const name = resolved['x-typehog-internal'] === true ? undefined : referencedSchema(schema.$ref)
  return {
    schema,
    name: name ?? constantsOf(resolved),
    text: JSON.stringify(resolved),
    properties: propertiesOf(document, resolved),
  }
}

/** The property names of an object, or of the items of a list with a mark. */
function propertiesOf(document: OpenApiDocument, schema: SchemaObject): ReadonlySet<string> {
  const item = schema.items === undefined ? undefined : resolveSchema(document, schema.items)
  const names = Object.keys(item?.properties ?? schema.properties ?? {})
  return new Set(item === undefined ? names : names.map((name) => `[]${name}`))
}

/** Returns constant properties such as `kind: 'TrendsQuery'`, which identify an inline member. */
function constantsOf(schema: SchemaObject): string | undefined {
  const constants = Object.entries(schema.properties ?? {})
    .filter(([, property]) => property.const !== undefined)
    .map(([name, property]) => `${name}=${JSON.stringify(property.const)}`)
  return constants.length === 0 ? undefined : constants.sort().join(' ')
}

function closest(member: Member, candidates: readonly Member[]): Member | undefined {
  let best: Member | undefined
  let bestShare = minCommonShare
  for (const candidate of candidates) {
    if (member.name !== undefined && candidate.name !== undefined) continue
    const common = [...member.properties].filter((name) => candidate.properties.has(name)).length
    const all = member.properties.size + candidate.properties.size - common
    const share = all === 0 ? 0 : common / all
    if (share > bestShare || (share === bestShare && best === undefined && all > 0)) {
      best = candidate
      bestShare = share
    }
  }
  return best
}

/** A schema without "or null", and whether it was nullable. */
export interface NullableView {
  readonly core: SchemaObject
  readonly nullable: boolean
}

/** Removes "or null" from a schema, in both forms of normalized documents. */
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
