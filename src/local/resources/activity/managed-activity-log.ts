import { stableJson } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import { smallUser } from '../../store/account.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { type ActivityChange, type ActivityRecord, noteActivity } from './activity-log.ts'

/** Something that was done to a thing. */
export interface Activity {
  /** The kind of thing, such as `Insight`. */
  readonly scope: string
  readonly id: string | number
  /** `created`, `updated`, `deleted`, … */
  readonly activity: string
  readonly name: string
  readonly shortId?: string
  readonly changes?: readonly ActivityChange[]
}

/** Writes an entry of the first project's log. */
export function logActivity(
  world: ServerState,
  { scope, id, activity, name, shortId, changes }: Activity,
): void {
  noteActivity(world, {
    project: world.projectId,
    scope,
    item: id,
    activity,
    name,
    ...(shortId === undefined ? {} : { shortId }),
    ...(changes === undefined ? {} : { changes }),
  })
}

/** The entries of the first project that fit, newest first. */
export function activities(world: ServerState, fits: (entry: ActivityRecord) => boolean): ActivityRecord[] {
  return world.data.stores.activity
    .filter((entry) => entry.project === world.projectId && fits(entry))
    .reverse()
}

/** An entry as it is shown. */
export function activityView({ project: _, user, ...entry }: ActivityRecord): JsonRecord {
  return { ...entry, user: { ...smallUser(), ...user } }
}

/** What is different in the members that were given. */
export function changesBetween(scope: string, before: JsonRecord, given: JsonRecord): ActivityChange[] {
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
