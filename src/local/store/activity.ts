import { jsonResponse, stableJson } from '../http/json.ts'
import type { Call } from '../http/route.ts'
import type { ServerState } from '../server-state.ts'
import { currentUser } from './account.ts'
import { type CollectionKind, collectionOf, type JsonRecord, type StoredRecord } from './collection.ts'

/** Entries per page unless the request sets `limit`. */
const PAGE_SIZE = 10

const ACTIVITY: CollectionKind<ActivityEntry> = { name: 'activity_log', ids: 'uuid' }

/** A change of one member of a record. */
export interface ActivityChange {
  readonly type: string
  readonly action: string
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/** An entry of the activity log: who did what to which record. */
export interface ActivityEntry extends StoredRecord {
  readonly id: string
  readonly project: number
  readonly scope: string
  readonly item_id: string
  readonly activity: string
  readonly created_at: string
  readonly user: JsonRecord
}

/** The content of a new entry in the activity log. */
export interface Activity {
  /** Default: the first project, which shares its records with the others. */
  readonly project?: number
  /** The kind of record, such as `Insight`. */
  readonly scope: string
  readonly item: string | number
  /** `created`, `updated`, `deleted`, `restored` or another verb of the kind. */
  readonly activity: string
  readonly name: string
  readonly shortId?: string
  readonly changes?: readonly ActivityChange[]
}

/** Adds an entry to the activity log. */
export function logActivity(state: ServerState, entry: Activity): void {
  const { project = state.projectId, scope, activity, name, shortId = '', changes = [] } = entry
  const { first_name, last_name, email } = currentUser(state)
  const item = String(entry.item)
  collectionOf(state, ACTIVITY).add({
    project,
    scope,
    item_id: item,
    activity,
    created_at: state.now().toISOString(),
    user: { first_name, last_name, email },
    detail: { id: item, name, short_id: shortId, type: '', changes },
  })
}

/** Lists the members whose new value differs. */
export function changesBetween(scope: string, before: JsonRecord, members: JsonRecord): ActivityChange[] {
  return Object.entries(members)
    .filter(([field, after]) => stableJson(before[field] ?? null) !== stableJson(after ?? null))
    .map(([field, after]) => ({
      type: scope,
      action: before[field] === undefined || before[field] === null ? 'created' : 'changed',
      field,
      before: before[field] ?? null,
      after: after ?? null,
    }))
}

/** Finds entries of a project, newest first. */
export function findActivity(
  state: ServerState,
  matches: (entry: ActivityEntry) => boolean,
  project: number = state.projectId,
): ActivityEntry[] {
  return collectionOf(state, ACTIVITY)
    .all()
    .filter((entry) => entry.project === project && matches(entry))
    .reverse()
}

/** An entry as responses show it, with the current user's profile. */
export function activityView(state: ServerState, { project, user, ...entry }: ActivityEntry): JsonRecord {
  return {
    ...entry,
    user: { ...currentUser(state), ...user },
    is_system: false,
    was_impersonated: false,
  }
}

/** Responds with a page of the activity on a kind of record, or on one record. */
export function activityPage(
  { state, url }: Call,
  scope: string,
  item?: string | number,
  project?: number,
): Response {
  const matches = (entry: ActivityEntry): boolean =>
    entry.scope === scope && (item === undefined || entry.item_id === String(item))
  const entries = findActivity(state, matches, project)
  const parameter = (name: string, fallback: number): number => {
    const value = Number(url.searchParams.get(name) ?? fallback)
    return Number.isInteger(value) && value > 0 ? value : fallback
  }
  const limit = Math.min(parameter('limit', PAGE_SIZE), state.pageSize)
  const page = parameter('page', 1)
  const link = (target: number): string => {
    const next = new URL(url)
    next.searchParams.set('page', String(target))
    next.searchParams.set('limit', String(limit))
    return next.href
  }
  return jsonResponse(200, {
    results: entries.slice((page - 1) * limit, page * limit).map((entry) => activityView(state, entry)),
    next: page * limit < entries.length ? link(page + 1) : null,
    previous: page > 1 ? link(page - 1) : null,
    total_count: entries.length,
  })
}
