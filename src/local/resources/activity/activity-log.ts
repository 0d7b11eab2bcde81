import { stableJson } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import { currentUser } from '../../store/account.ts'

/** One change of one field. */
export interface ActivityChange {
  readonly type: string
  readonly action: string
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/** Something that was done to an object. */
export interface ActivityRecord {
  readonly id: string
  readonly project: number
  readonly scope: string
  readonly item_id: string
  readonly activity: string
  readonly created_at: string
  readonly user: Readonly<Record<string, unknown>>
  readonly detail: {
    readonly id: string
    readonly name: string
    readonly short_id: string
    readonly type: string
    readonly changes: readonly ActivityChange[]
  }
}

/** What is told of an activity. */
export interface ActivityNote {
  readonly project: number
  readonly scope: string
  readonly item: string | number
  readonly activity: string
  readonly name: string
  readonly shortId?: string
  readonly changes?: readonly ActivityChange[]
}

/** Writes an entry of the activity log. */
export function noteActivity(world: ServerState, note: ActivityNote): void {
  const { first_name, last_name, email } = currentUser(world)
  const item = String(note.item)
  world.data.stores.activity.push({
    id: crypto.randomUUID(),
    project: note.project,
    scope: note.scope,
    item_id: item,
    activity: note.activity,
    created_at: world.now().toISOString(),
    user: { first_name, last_name, email },
    detail: {
      id: item,
      name: note.name,
      short_id: note.shortId ?? '',
      type: '',
      changes: note.changes ?? [],
    },
  })
}

/** The fields that differ between two states of an object, as changes. */
export function changesBetween<T extends object>(
  scope: string,
  before: T,
  after: T,
  fields: readonly (keyof T & string)[],
): ActivityChange[] {
  return fields
    .filter((field) => stableJson(before[field]) !== stableJson(after[field]))
    .map((field) => ({
      type: scope,
      action: 'changed',
      field,
      before: before[field] ?? null,
      after: after[field] ?? null,
    }))
}
