import type { ServerState } from '../../server-state.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'

/** PostHog's maximum number of group types per project. */
const MAX_GROUP_TYPES = 5

/** A stored group, such as one company. */
export interface GroupRecord extends StoredRecord {
  readonly id: number
  readonly group_type_index: number
  readonly group_key: string
  readonly group_properties: JsonRecord
  readonly created_at: string
}

/** A group type, such as companies. */
export interface GroupType extends StoredRecord {
  readonly group_type: string
  readonly group_type_index: number
}

const GROUPS: CollectionKind<GroupRecord> = { name: 'groups', ids: 'integer' }
const GROUP_TYPES: CollectionKind<GroupType> = {
  name: 'group_types',
  ids: 'integer',
  sample: () => [{ group_type: 'company', group_type_index: 0 }],
}

/** The group types of the project. */
export function groupTypesOf(state: ServerState): readonly GroupType[] {
  return collectionOf(state, GROUP_TYPES).all()
}

/** Finds a group type by name, or creates it. Undefined when the project has the maximum number of types. */
export function ensureGroupType(state: ServerState, name: string): GroupType | undefined {
  const types = groupTypesOf(state)
  const known = types.find((type) => type.group_type === name)
  if (known !== undefined || types.length >= MAX_GROUP_TYPES) return known
  return collectionOf(state, GROUP_TYPES).add({ group_type: name, group_type_index: types.length })
}

/** The groups of a type. */
export function groupsOfType(state: ServerState, index: unknown): GroupRecord[] {
  return collectionOf(state, GROUPS)
    .all()
    .filter((group) => group.group_type_index === index)
}

/** The properties of each group of all types. */
export function groupProperties(state: ServerState): readonly JsonRecord[] {
  return collectionOf(state, GROUPS)
    .all()
    .map((group) => group.group_properties)
}

/** Finds a group by type and key. */
export function findGroup(state: ServerState, index: number, key: string): GroupRecord | undefined {
  return groupsOfType(state, index).find((group) => group.group_key === key)
}

/** Adds a group. */
export function addGroup(
  state: ServerState,
  index: number,
  key: string,
  properties: JsonRecord,
): GroupRecord {
  return collectionOf(state, GROUPS).add({
    group_type_index: index,
    group_key: key,
    group_properties: properties,
    created_at: state.now().toISOString(),
  })
}

/** Replaces the properties of a group. */
export function setGroupProperties(
  state: ServerState,
  group: GroupRecord,
  properties: JsonRecord,
): GroupRecord {
  return collectionOf(state, GROUPS).change(group.id, { group_properties: properties })
}

/** Applies a `$groupidentify` event: creates the group unless it exists, and sets properties. */
export function identifyGroup(state: ServerState, type: string, key: string, set: JsonRecord): void {
  const index = ensureGroupType(state, type)?.group_type_index
  if (index === undefined) return
  const group = findGroup(state, index, key) ?? addGroup(state, index, key, {})
  setGroupProperties(state, group, { ...group.group_properties, ...set })
}
