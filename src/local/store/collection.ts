import { randomInt, randomUUID } from 'node:crypto'
import type { InsightResult } from '../resources/insights/insight-results.ts'
import type { ServerState } from '../server-state.ts'

/** Members of a JSON object. */
export type JsonRecord = Readonly<Record<string, unknown>>

/** What ids look like: integers count up from 1. */
export type IdType = 'integer' | 'uuid'

/** One thing that is kept. */
export interface StoredRecord extends JsonRecord {
  readonly id: string | number
}

/** A kind of collection: a project or an organization has one of each. */
export interface CollectionKind {
  readonly name: string
  readonly ids: IdType
  /** What is in it from the start. */
  readonly seed?: (world: ServerState, owner: string) => readonly JsonRecord[]
}

/** Records by id. */
export interface Collection {
  /** Oldest first. */
  all(): readonly StoredRecord[]
  get(id: unknown): StoredRecord | undefined
  /** Keeps a new record, under its own id if it brings one. */
  add(fields: JsonRecord): StoredRecord
  /** Changes members of a record. */
  change(id: unknown, fields: JsonRecord): StoredRecord
  remove(id: unknown): void
}

/** The collection of a kind that belongs to `owner`; by default the project. */
export function collectionOf(
  world: ServerState,
  kind: CollectionKind,
  owner: string | number = world.projectId,
): Collection {
  const stored = world.managed.stored(
    `${kind.name}/${owner}`,
    () => kind.seed?.(world, String(owner)) ?? [],
    (target, fields) => addTo(target, kind.ids, fields),
  )
  const find = (id: unknown): number => stored.records.findIndex((record) => String(record.id) === String(id))
  return {
    all: () => stored.records,
    get: (id) => stored.records[find(id)],
    add: (fields) => addTo(stored, kind.ids, fields),
    change: (id, fields) => {
      const index = find(id)
      const before = stored.records[index]
      if (before === undefined) throw new Error(`${kind.name} has no ${String(id)}`)
      const after = { ...before, ...fields, id: before.id }
      stored.records[index] = after
      return after
    },
    remove: (id) => {
      const index = find(id)
      if (index >= 0) stored.records.splice(index, 1)
    },
  }
}

function addTo(stored: StoredCollection, ids: IdType, fields: JsonRecord): StoredRecord {
  const given = fields['id']
  if (typeof given === 'number') stored.last = Math.max(stored.last, given)
  const fresh = (): string | number => {
    if (ids === 'uuid') return randomUUID()
    stored.last += 1
    return stored.last
  }
  const id = typeof given === 'number' || typeof given === 'string' ? given : fresh()
  const record = { ...fields, id }
  stored.records.push(record)
  return record
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Random letters and digits. PostHog's short ids have 8. */
export function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}

/** The records of one collection, and the last integer that was given as an id. */
export interface StoredCollection {
  last: number
  readonly records: StoredRecord[]
}

/** Every collection by its name and owner. */
export type StoredCollections = Readonly<Record<string, StoredCollection>>

/** What the managed resources of one local PostHog hold. */
export interface CollectionStore {
  /** A collection by name. One that nobody asked for yet is filled with its seed. */
  stored(
    name: string,
    seed: () => readonly JsonRecord[],
    add: (stored: StoredCollection, fields: JsonRecord) => void,
  ): StoredCollection
  /** Everything, for the folder that keeps it. */
  all(): StoredCollections
  /** Last results of insights, by id. A restart forgets them. */
  readonly results: Map<number, InsightResult>
}

/** Starts with what a folder kept. */
export function createManaged(kept: StoredCollections = {}): CollectionStore {
  const collections = new Map(Object.entries(kept))
  return {
    stored: (name, seed, add) => {
      const known = collections.get(name)
      if (known !== undefined) return known
      const made: StoredCollection = { last: 0, records: [] }
      collections.set(name, made)
      for (const fields of seed()) add(made, fields)
      return made
    },
    all: () => Object.fromEntries(collections),
    results: new Map(),
  }
}
