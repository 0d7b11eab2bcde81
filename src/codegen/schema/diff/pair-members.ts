import type { OpenApiDocument, SchemaObject } from '../document.ts'
import { referencedSchema } from '../walk/component-reference.ts'
import { resolveSchema } from '../walk/resolve-schema.ts'

/** Members of two unions that belong together, and those that have no partner. */
export interface MemberPairs {
  readonly pairs: readonly (readonly [older: SchemaObject, newer: SchemaObject])[]
  readonly removed: readonly SchemaObject[]
  readonly added: readonly SchemaObject[]
}

/** Share of common property names from which two unnamed members count as the same one. */
const enoughInCommon = 0.5

/**
 * Pairs the members of two unions: by component name first, then by equal text, then by the property names they have
 * in common. Numbered components move between releases, so their names do not count.
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

  const alone: Member[] = []
  for (const member of removed) {
    const partner = closest(member, added)
    if (partner === undefined) alone.push(member)
    else {
      pairs.push([member.schema, partner.schema])
      added = added.filter((candidate) => candidate !== partner)
    }
  }
  return { pairs, removed: alone.map(({ schema }) => schema), added: added.map(({ schema }) => schema) }
}

interface Member {
  readonly schema: SchemaObject
  /** Component name, unless it is a number that moves. */
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
    properties: new Set(Object.keys(resolved.properties ?? {})),
  }
}

/** Single values such as `kind: 'TrendsQuery'`, which name an inline member as well as a component name would. */
function constantsOf(schema: SchemaObject): string | undefined {
  const constants = Object.entries(schema.properties ?? {})
    .filter(([, property]) => property.const !== undefined)
    .map(([name, property]) => `${name}=${JSON.stringify(property.const)}`)
  return constants.length === 0 ? undefined : constants.sort().join(' ')
}

function closest(member: Member, candidates: readonly Member[]): Member | undefined {
  let best: Member | undefined
  let bestShare = enoughInCommon
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
