import type { ThrottleClass } from '../http/limits/throttles.ts'
import type { Call } from '../http/route.ts'
import type { CollectionKind, JsonRecord, StoredRecord } from './collection.ts'
import type { Fields } from './fields.ts'

/** Members that follow from how a record came about, and not from what a caller wrote. */
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

/** What can be done with a resource by the plain methods. */
export type Operation = 'list' | 'create' | 'get' | 'update' | 'delete'

type Answer<T> = T | Promise<T>

/** A kind of thing that callers manage, described for `resourceRoutes`. */
export interface Resource {
  readonly kind: CollectionKind
  /** Path of the list, with `:project` or `:organization`. */
  readonly path: string
  /** The object of its scopes: `annotation` for `annotation:read`. */
  readonly object: string
  readonly throttle?: ThrottleClass
  /** Name of the id in paths, where it is not `id`. */
  readonly idName?: string
  readonly fields: Fields
  readonly systemFields?: readonly SystemField[]
  /** What it is that can be done. Default: everything. */
  readonly operations?: readonly Operation[]
  /** How lists are paged. Default: by offset. */
  readonly paging?: 'offset' | 'page' | 'cursor'
  /** Lists start with the oldest. */
  readonly oldestFirst?: boolean
  /** What a DELETE does: removes the record, or is refused in favour of PATCH with `deleted`. */
  readonly deletion: 'hard' | 'refused'
  /** A deleted one is not found, though a PATCH can bring it back; `alone`: with no other field beside it. */
  readonly hideDeleted?: 'always' | 'alone'
  /** Members that `?search=` looks in. */
  readonly search?: readonly string[]
  /** The scope of its entries in the activity log; without it there are none. */
  readonly activity?: string
  /** Whose collection it is, when it is not the project's. */
  readonly owner?: (call: Call) => string
  /** The record that a path means, when its id alone does not tell. */
  readonly find?: (call: Call, id: string) => StoredRecord | undefined
  /** Leaves out of a list what a request's other parameters do not want. */
  readonly filter?: (call: Call, records: readonly StoredRecord[]) => readonly StoredRecord[]
  /** Checks the fields of a new one and adds what follows from them. */
  readonly prepareCreate?: (call: Call, values: JsonRecord) => Answer<JsonRecord>
  /** Checks a change and adds what follows from it. */
  readonly prepareUpdate?: (call: Call, before: StoredRecord, values: JsonRecord) => Answer<JsonRecord>
  /** What is to be done after a new one was kept. */
  readonly afterCreate?: (call: Call, record: StoredRecord) => Answer<unknown>
  readonly afterUpdate?: (call: Call, after: StoredRecord, before: StoredRecord) => Answer<unknown>
  /** Refuses to remove a record. */
  readonly beforeDelete?: (call: Call, record: StoredRecord) => Answer<unknown>
  readonly afterDelete?: (call: Call, record: StoredRecord) => Answer<unknown>
  /** What an answer shows beside id, fields and stamps. */
  readonly view?: (call: Call, record: StoredRecord, list: boolean) => Answer<JsonRecord>
  /** Members that lists leave out. */
  readonly omitFromList?: readonly string[]
  /** The only members that lists show. */
  readonly onlyInList?: readonly string[]
}
