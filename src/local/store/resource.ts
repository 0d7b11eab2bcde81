import type { Call } from '../http/route.ts'
import type { ThrottleClass } from '../http/throttles.ts'
import type { CollectionKind, JsonRecord, StoredRecord } from './collection.ts'
import type { Fields } from './fields.ts'

/** Members that the server sets. */
export type SystemField =
  | 'created_at'
  | 'created_by'
  | 'updated_at'
  | 'last_updated_at'
  | 'last_modified_at'
  | 'last_modified_by'
  | 'short_id'
  | 'team_id'
  | 'user_access_level'

/** The standard operations on a resource. */
export type Operation = 'list' | 'create' | 'get' | 'update' | 'delete'

type Awaitable<T> = T | Promise<T>

/** A kind of record with create, read, update and delete routes, described for `resourceRoutes`. */
export interface Resource<T extends StoredRecord = StoredRecord> {
  readonly kind: CollectionKind<T>
  /** Path of the list, with `:project` or `:organization`. */
  readonly path: string
  /** Object of the scopes: `annotation` for `annotation:read`. */
  readonly object: string
  readonly throttle?: ThrottleClass
  /** Name of the id in paths. Default: `id`. */
  readonly idName?: string
  /** Body fields, also shown in responses unless they are `writeOnly`. */
  readonly fields: Fields
  readonly systemFields?: readonly SystemField[]
  /** Default: all. */
  readonly operations?: readonly Operation[]
  /** Pagination of the list. Default: `offset`. */
  readonly paging?: 'offset' | 'page' | 'cursor'
  /** Lists the oldest record first. Default: the newest. */
  readonly oldestFirst?: boolean
  /** DELETE removes the record, or responds 405 because PATCH with `deleted` replaces it. */
  readonly deletion: 'hard' | 'refused'
  /**
   * Responds 404 for deleted records, except to a PATCH with `deleted: false`.
   * With `restoreOnly` that PATCH must have no other field.
   */
  readonly hideDeleted?: 'always' | 'restoreOnly'
  /** Members that `?search=` searches for contained text. */
  readonly search?: readonly string[]
  /** Searches for similar words too if nothing contains the text, and adds `search_match_type` to search results. */
  readonly showsSearchMatch?: boolean
  /** Members that a query parameter of the same name filters by. */
  readonly filterBy?: readonly string[]
  /** Scope of the activity log entries. Default: no entries. */
  readonly activity?: string
  /** Member that names a record in the activity log. Default: `name`, `title` or `content`. */
  readonly activityName?: string
  /** Members whose changes the activity log leaves out. */
  readonly unlogged?: readonly string[]
  /** Whether every project has its own records. Default: all projects share those of the first. */
  readonly perProject?: boolean
  /** Owner of the collection, if it is not a project. */
  readonly owner?: (call: Call) => string
  /** Finds the record of a path. Default: by id. */
  readonly find?: (call: Call, id: string) => T | undefined
  /** Filters and sorts a list by query parameters beyond `search` and `filterBy`. */
  readonly filter?: (call: Call, records: readonly T[]) => readonly T[]
  /** Validates a new record and returns further members. */
  readonly prepareCreate?: (call: Call, values: JsonRecord) => Awaitable<JsonRecord>
  /** Validates a change and returns further members. */
  readonly prepareUpdate?: (call: Call, before: T, values: JsonRecord) => Awaitable<JsonRecord>
  readonly afterCreate?: (call: Call, record: T) => Awaitable<unknown>
  readonly afterUpdate?: (call: Call, after: T, before: T) => Awaitable<unknown>
  /** Throws to reject a DELETE. */
  readonly beforeDelete?: (call: Call, record: T) => Awaitable<unknown>
  readonly afterDelete?: (call: Call, record: T) => Awaitable<unknown>
  /** Response members besides id, fields and system fields. */
  readonly view?: (call: Call, record: T, list: boolean) => Awaitable<JsonRecord>
  /** Members that lists omit. */
  readonly omitFromList?: readonly string[]
  /** The only members that lists show. Default: all. */
  readonly onlyInList?: readonly string[]
}
