import type { InsightResult } from '../resources/insights/insight-results.ts'
import type { JsonRecord, StoredRecord } from './collection.ts'

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
