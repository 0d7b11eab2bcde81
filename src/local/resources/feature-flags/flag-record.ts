import {
  type CollectionContext,
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'

/** A version of a feature flag: the values of its fields after one change. */
export interface FlagVersion {
  readonly version: number
  readonly at: string
  readonly settings: JsonRecord
}

/** A stored feature flag. */
export interface FlagRecord extends StoredRecord {
  readonly id: number
  readonly key: string
  readonly name: string
  readonly active: boolean
  readonly archived: boolean
  readonly deleted: boolean
  readonly filters: JsonRecord
  readonly tags: readonly string[]
  readonly evaluation_contexts: readonly string[]
  readonly created_at: string
  readonly updated_at: string
  readonly last_called_at: string | null
  /** All versions, oldest first. */
  readonly versions: readonly FlagVersion[]
}

/** The feature flags of a project. */
export const FLAGS: CollectionKind<FlagRecord> = { name: 'feature_flags', ids: 'integer' }

/** Returns the number of the current version. */
export function versionOf(flag: FlagRecord): number {
  return flag.versions.at(-1)?.version ?? 1
}

/** The flags of a project that are not deleted. */
export function flagsOf(state: CollectionContext, project: number): FlagRecord[] {
  return collectionOf(state, FLAGS, project)
    .all()
    .filter((flag) => !flag.deleted)
}

/** Finds a flag by id. */
export function flagById(state: CollectionContext, project: number, id: unknown): FlagRecord | undefined {
  return flagsOf(state, project).find((flag) => flag.id === id)
}

/** Finds a flag by key. */
export function flagByKey(state: CollectionContext, project: number, key: unknown): FlagRecord | undefined {
  return flagsOf(state, project).find((flag) => flag.key === key)
}

/** Records the time of a flag's call. */
export function recordFlagCall(state: CollectionContext, project: number, key: unknown, at: Date): void {
  const flag = flagByKey(state, project, key)
  if (flag === undefined) return
  collectionOf(state, FLAGS, project).change(flag.id, { last_called_at: at.toISOString() })
}
