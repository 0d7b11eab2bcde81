import { type DataStores, nextNumber } from '../../local-data.ts'
import { type GroupRecord, type GroupTypeRecord, MOST_GROUP_TYPES } from './group-record.ts'

/** The group of a kind with this key. */
export function findGroup(stores: DataStores, index: number, key: string): GroupRecord | undefined {
  return stores.groups.find((group) => group.group_type_index === index && group.group_key === key)
}

/** Adds a group. */
export function addGroup(
  stores: DataStores,
  index: number,
  key: string,
  properties: Readonly<Record<string, unknown>>,
  now: Date,
): GroupRecord {
  const group: GroupRecord = {
    number: nextNumber(stores, 'group'),
    group_type_index: index,
    group_key: key,
    group_properties: properties,
    created_at: now.toISOString(),
  }
  stores.groups.push(group)
  return group
}

/** The kind of this name, made when there is a place for it. */
export function groupTypeOf(stores: DataStores, name: string): GroupTypeRecord | undefined {
  const known = stores.groupTypes.find((type) => type.group_type === name)
  if (known !== undefined || stores.groupTypes.length >= MOST_GROUP_TYPES) return known
  const type = { group_type: name, group_type_index: stores.groupTypes.length }
  stores.groupTypes.push(type)
  return type
}
