import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../collections/collection.ts'
import type { World } from '../world.ts'

const FLAGS: CollectionKind = { name: 'feature_flags', ids: 'integer' }

/** What a flag is made of. */
export interface NewFlag {
  readonly key: string
  readonly name: string
  readonly active: boolean
  readonly filters: JsonRecord
}

/** A flag, as other things show it. */
export interface SmallFlag extends StoredRecord, NewFlag {
  readonly id: number
}

/** What experiments, surveys and early access features need of feature flags. */
export interface FlagStore {
  get(id: unknown): SmallFlag | undefined
  byKey(key: string): SmallFlag | undefined
  create(flag: NewFlag): SmallFlag
  change(id: number, fields: Partial<NewFlag> & { readonly deleted?: boolean }): SmallFlag
}

/** The feature flags of the project. */
export function flagStore(world: World): FlagStore {
  const flags = collectionOf(world, FLAGS)
  // Every record of this collection was made by `create` below.
  const asFlag = (record: StoredRecord): SmallFlag => record as SmallFlag
  const found = (record: StoredRecord | undefined): SmallFlag | undefined =>
    record === undefined || record['deleted'] === true ? undefined : asFlag(record)
  return {
    get: (id) => found(flags.get(id)),
    byKey: (key) => found(flags.all().find((flag) => flag['key'] === key && flag['deleted'] !== true)),
    create: (flag) => {
      const rest = { team_id: world.projectId, deleted: false, ensure_experience_continuity: false }
      const more = { has_encrypted_payloads: false, version: 1, evaluation_runtime: 'all' }
      return asFlag(
        flags.add({
          ...flag,
          ...rest,
          ...more,
          bucketing_identifier: 'distinct_id',
          evaluation_contexts: [],
        }),
      )
    },
    change: (id, fields) => {
      const version = Number(flags.get(id)?.['version'] ?? 0) + 1
      return asFlag(flags.change(id, { ...fields, version }))
    },
  }
}
