import { stableJson } from '../http/json.ts'
import { smallUser } from '../projects/user.ts'
import type { World } from '../world.ts'
import { type CollectionKind, collectionOf, type JsonRecord, type StoredRecord } from './collection.ts'

const ACTIVITY: CollectionKind = { name: 'activity_log', ids: 'uuid' }

/** Something that was done to a thing. */
export interface Activity {
  /** The kind of thing, such as `Insight`. */
  readonly scope: string
  readonly id: string | number
  /** `created`, `updated`, `deleted`, … */
  readonly activity: string
  readonly name: string
  readonly shortId?: string
  readonly changes?: readonly JsonRecord[]
}

/** Writes an entry. */
export function logActivity(world: World, { scope, id, activity, name, shortId, changes }: Activity): void {
  collectionOf(world, ACTIVITY).add({
    scope,
    item_id: String(id),
    activity,
    created_at: world.now().toISOString(),
    detail: {
      id: String(id),
      name,
      short_id: shortId ?? '',
      type: '',
      ...(changes === undefined ? {} : { changes }),
    },
  })
}

/** The entries that fit, newest first. */
export function activities(world: World, fits: (entry: StoredRecord) => boolean): StoredRecord[] {
  return collectionOf(world, ACTIVITY).all().filter(fits).reverse()
}

/** An entry as it is shown. */
export function activityView(entry: StoredRecord): JsonRecord {
  return { ...entry, user: smallUser() }
}

/** What is different in the members that were given. */
export function changesBetween(scope: string, before: JsonRecord, given: JsonRecord): JsonRecord[] {
  return Object.entries(given)
    .filter(([field, after]) => stableJson(before[field] ?? null) !== stableJson(after ?? null))
    .map(([field, after]) => ({
      type: scope,
      action: before[field] === undefined || before[field] === null ? 'created' : 'changed',
      field,
      before: before[field] ?? null,
      after: after ?? null,
    }))
}
