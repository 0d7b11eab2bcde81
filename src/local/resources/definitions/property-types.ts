import { isoTime } from '../../engine/sql-values.ts'
import type { ServerState } from '../../server-state.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { groupProperties, groupsOfType, groupTypesOf } from '../groups/groups.ts'
import { type DataOwner, newDefinition, PROPERTY_DEFINITIONS, wasDeleted } from './definitions.ts'
import { detectPropertyType } from './detect-property-type.ts'

/** Properties of events that PostHog does not define. */
const UNDEFINED = /^\$(?:set|set_once|unset|groups|group_[0-4])$/

const OWNERS: readonly DataOwner[] = ['event', 'person']

/** Adds a definition for each new property, and a type to those that had only null until now. */
export type PropertyRecorder = (of: DataOwner, properties: JsonRecord) => void

/** Adds definitions of new properties of events and persons in the tables. */
export async function syncPropertyDefinitions({ state }: { readonly state: ServerState }): Promise<void> {
  addGroupProperties(state)
  if (!state.engine.available) return
  const record = recorder(state, state.startedAt)
  for (const of of OWNERS) {
    const { rows } = await state.engine.query(
      `SELECT pair.1, argMinIf(pair.2, created_at, pair.2 != 'null'), max(created_at)
       FROM ${state.engine.database}.${of}s ARRAY JOIN JSONExtractKeysAndValuesRaw(properties) AS pair
       GROUP BY pair.1 ORDER BY pair.1`,
      {},
    )
    for (const [key, first, added] of rows) {
      const name = String(key)
      if (wasDeleted(state, `${of}_property`, name, isoTime(added))) continue
      record(of, { [name]: first === '' ? null : JSON.parse(String(first)) })
    }
  }
  await state.persist()
}

/** Adds definitions of new properties of groups. */
function addGroupProperties(state: ServerState): void {
  const definitions = collectionOf(state, PROPERTY_DEFINITIONS)
  for (const { group_type_index } of groupTypesOf(state)) {
    for (const { group_properties, created_at } of groupsOfType(state, group_type_index)) {
      for (const [name, value] of Object.entries(group_properties)) {
        const isKnown = definitions
          .all()
          .some((one) => one.of === 'group' && one.name === name && one.group_type_index === group_type_index)
        if (isKnown || wasDeleted(state, 'group_property', name, created_at)) continue
        const property_type = detectPropertyType(name, value, state.startedAt)
        const fields = { of: 'group' as const, group_type_index, name, property_type }
        definitions.add({ ...fields, ...newDefinition(state.startedAt) })
      }
    }
  }
}

/** The first read of the tables of each project. */
const firstSyncs = new WeakMap<ServerState, Promise<void>>()

/** Reads the properties of the tables once. Later events define their own. */
export function knowProperties(state: ServerState): Promise<void> {
  const known = firstSyncs.get(state) ?? syncPropertyDefinitions({ state })
  firstSyncs.set(state, known)
  return known
}

/** Records the properties of new data. Call `knowProperties` before. */
export function recordProperties(state: ServerState): PropertyRecorder {
  return recorder(state, state.now())
}

function recorder(state: ServerState, at: Date): PropertyRecorder {
  const definitions = collectionOf(state, PROPERTY_DEFINITIONS)
  const ids = { event: new Map<string, string>(), person: new Map<string, string>() }
  const typed = { event: new Set<string>(), person: new Set<string>() }
  for (const { of, name, id, property_type } of definitions.all()) {
    if (of === 'group') continue
    ids[of].set(name, id)
    if (property_type !== null) typed[of].add(name)
  }
  return (of, properties) => {
    for (const name in properties) {
      if (typed[of].has(name) || (of === 'event' && UNDEFINED.test(name))) continue
      const property_type = detectPropertyType(name, properties[name], at)
      const id = ids[of].get(name)
      if (id === undefined) {
        ids[of].set(name, definitions.add({ of, name, property_type, ...newDefinition(at) }).id)
      } else if (property_type !== null) definitions.change(id, { property_type })
      if (property_type !== null) typed[of].add(name)
    }
  }
}

/** Type of a property by its definition. Groups have none locally: their first value decides. */
export function propertyTypeOf(
  state: ServerState,
  owner: DataOwner | 'group' | 'session',
  name: string,
): string | null | undefined {
  if (owner === 'session') return undefined
  if (owner !== 'group') {
    return collectionOf(state, PROPERTY_DEFINITIONS)
      .all()
      .find((definition) => definition.of === owner && definition.name === name)?.property_type
  }
  const values = groupProperties(state).map((properties) => properties[name])
  return detectPropertyType(
    name,
    values.find((value) => value !== undefined && value !== null),
    state.now(),
  )
}
