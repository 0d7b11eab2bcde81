import type { Call } from '../http/route.ts'
import { smallUser } from '../resources/projects/user.ts'
import type { ServerState } from '../server-state.ts'
import type { JsonRecord, StoredRecord } from './collection.ts'
import type { Resource, SystemField } from './resource.ts'

/** A record as answers show it. */
export async function recordView(
  resource: Resource,
  call: Call,
  record: StoredRecord,
  list = false,
): Promise<JsonRecord> {
  const shown = {
    id: record.id,
    ...fieldsOf(resource, record),
    ...stampsOf(resource.stamps ?? [], call.world, record),
    ...(await resource.view?.(call, record, list)),
  }
  const { leanList = [], listOnly } = resource
  if (!list) return shown
  const stays = (name: string): boolean => !leanList.includes(name) && listOnly?.includes(name) !== false
  return Object.fromEntries(Object.entries(shown).filter(([name]) => stays(name)))
}

/** The fields that a caller wrote and may see. */
export function fieldsOf({ fields }: Pick<Resource, 'fields'>, record: JsonRecord): JsonRecord {
  const shown = Object.entries(fields).filter(([name, field]) => field.hidden !== true && name in record)
  return Object.fromEntries(shown.map(([name]) => [name, record[name]]))
}

function stampsOf(stamps: readonly SystemField[], world: ServerState, record: StoredRecord): JsonRecord {
  return Object.fromEntries(stamps.map((stamp) => [stamp, stampOf(stamp, world, record)]))
}

function stampOf(stamp: SystemField, world: ServerState, record: StoredRecord): unknown {
  switch (stamp) {
    case 'created_at':
    case 'short_id':
      return record[stamp]
    case 'created_by':
    case 'last_modified_by':
      return smallUser()
    case 'team_id':
      return world.projectId
    case 'user_access_level':
      return 'manager'
    default:
      return record['updated_at']
  }
}
