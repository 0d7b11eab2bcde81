import { randomInt, randomUUID } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Members of a JSON object. */
export type JsonRecord = Readonly<Record<string, unknown>>

/** The type of a record's id. Integer ids count up from 1. */
export type IdType = 'integer' | 'uuid'

/** A record with an id. */
export interface Identified {
  readonly id: string | number
}

/** A stored record: an id and any other members. */
export interface StoredRecord extends JsonRecord, Identified {}

/**
 * Everything that a local PostHog stores outside the tables of its database, as plain JSON.
 * Feature flags, dashboards and all other resources live here.
 */
export interface CollectionStore {
  /** Records by collection, such as `actions/1` for the actions of project 1. */
  readonly collections: Record<string, Identified[]>
  /** The last integer id of each kind of record. Deleted records never free their id. */
  readonly lastIds: Record<string, number>
}

/** The part of the server state that collections need. */
export interface CollectionContext {
  readonly store: CollectionStore
  readonly projectId: number
  /** Ids of the projects that a new server has, the current one first. */
  readonly projects: readonly [current: number, ...others: number[]]
  /** Whether the project has sample data. */
  readonly hasSample: boolean
  readonly startedAt: Date
}

/** A kind of record. Each owner, usually a project or an organization, has one collection of it. */
export interface CollectionKind<T extends Identified = StoredRecord> {
  readonly name: string
  readonly ids: IdType
  /** The records of a new collection. */
  readonly seed?: (context: CollectionContext, owner: string) => readonly (Partial<T> | JsonRecord)[]
  /** The records of a new collection in a project with sample data. */
  readonly sample?: (context: CollectionContext) => readonly (Partial<T> | JsonRecord)[]
}

/** The records of one owner. */
export interface Collection<T extends Identified = StoredRecord> {
  /** All records, oldest first. */
  all(): readonly T[]
  /** Finds a record. `7` and `'7'` are the same id. */
  get(id: unknown): T | undefined
  /** Stores a new record, with a new id unless it has one. */
  add(record: Partial<T> | JsonRecord): T
  /** Replaces members of a record. */
  change(id: unknown, members: Partial<T> | JsonRecord): T
  remove(id: unknown): void
}

/** Opens the collection of a kind that belongs to `owner`. Default owner: the project of the context. */
export function collectionOf<T extends Identified>(
  context: CollectionContext,
  kind: CollectionKind<T>,
  owner: string | number = context.projectId,
): Collection<T> {
  const records = recordsIn(context, kind, `${kind.name}/${owner}`, String(owner))
  const indexOf = (id: unknown): number => records.findIndex((record) => String(record.id) === String(id))
  return {
    all: () => records,
    get: (id) => records[indexOf(id)],
    add: (record) => addTo(records, context.store, kind, record),
    change: (id, members) => {
      const index = indexOf(id)
      const before = records[index]
      if (before === undefined) throw new Error(`The collection ${kind.name} has no record ${String(id)}.`)
      const after = { ...before, ...members, id: before.id }
      records[index] = after
      return after
    },
    remove: (id) => {
      const index = indexOf(id)
      if (index >= 0) records.splice(index, 1)
    },
  }
}

/** Returns random letters and digits. PostHog's short ids have 8. */
export function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}

function recordsIn<T extends Identified>(
  context: CollectionContext,
  kind: CollectionKind<T>,
  name: string,
  owner: string,
): T[] {
  const { collections } = context.store
  const existing = collections[name]
  // Only records of this kind are stored under this name.
  if (existing !== undefined) return existing as T[]
  const records: T[] = []
  collections[name] = records
  const sample = context.hasSample ? (kind.sample?.(context) ?? []) : []
  for (const record of [...(kind.seed?.(context, owner) ?? []), ...sample]) {
    addTo(records, context.store, kind, record)
  }
  return records
}

function addTo<T extends Identified>(
  records: T[],
  { lastIds }: CollectionStore,
  { name, ids }: CollectionKind<T>,
  members: Partial<T> | JsonRecord,
): T {
  const given: unknown = members.id
  const last = lastIds[name] ?? 0
  const fresh = (): string | number => (ids === 'uuid' ? randomUUID() : last + 1)
  const id = typeof given === 'number' || typeof given === 'string' ? given : fresh()
  if (typeof id === 'number') lastIds[name] = Math.max(last, id)
  // The table and hooks of the resource supply the other members of `T`.
  const record = { ...members, id } as T
  records.push(record)
  return record
}
