import type { ServerState } from '../../server-state.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'

/** PostHog's limit of group types per project. */
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
  seed: () => [{ group_type: 'company', group_type_index: 0 }],
}

/** The group types of the project. */
export function groupTypesOf(world: ServerState): readonly GroupType[] {
  return collectionOf(world, GROUP_TYPES).all()
}

/** Finds a group type by name, or creates it. Undefined when the project has no room for another type. */
export function ensureGroupType(world: ServerState, name: string): GroupType | undefined {
  const types = groupTypesOf(world)
  const known = types.find((type) => type.group_type === name)
  if (known !== undefined || types.length >= MAX_GROUP_TYPES) return known
  return collectionOf(world, GROUP_TYPES).add({ group_type: name, group_type_index: types.length })
}

/** The groups of a type. */
export function groupsOfType(world: ServerState, index: unknown): GroupRecord[] {
  return collectionOf(world, GROUPS)
    .all()
    .filter((group) => group.group_type_index === index)
}

/** Finds a group by type and key. */
export function findGroup(world: ServerState, index: number, key: string): GroupRecord | undefined {
  return groupsOfType(world, index).find((group) => group.group_key === key)
}

/** Adds a group. */
export function addGroup(
  world: ServerState,
  index: number,
  key: string,
  properties: JsonRecord,
): GroupRecord {
  return collectionOf(world, GROUPS).add({
    group_type_index: index,
    group_key: key,
    group_properties: properties,
    created_at: world.now().toISOString(),
  })
}

/** Replaces the properties of a group. */
export function setGroupProperties(
  world: ServerState,
  group: GroupRecord,
  properties: JsonRecord,
): GroupRecord {
  return collectionOf(world, GROUPS).change(group.id, { group_properties: properties })
}

/** Applies a `$groupidentify` event: creates the group unless it exists, and sets properties. */
export function identifyGroup(world: ServerState, type: string, key: string, set: JsonRecord): void {
  const index = ensureGroupType(world, type)?.group_type_index
  if (index === undefined) return
  const group = findGroup(world, index, key) ?? addGroup(world, index, key, {})
  setGroupProperties(world, group, { ...group.group_properties, ...set })
}
