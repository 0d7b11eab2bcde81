import type { ServerState } from '../../server-state.ts'
import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import { type FlagRecord, versionOf } from './flag-record.ts'
import { addFlag, changeFlag } from './save-flag.ts'

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
export function flagStore(world: ServerState): FlagStore {
  const find = (fits: (flag: FlagRecord) => boolean): FlagRecord | undefined =>
    world.data.stores.flags.find((flag) => {
      return flag.project === world.projectId && !flag.settings.deleted && fits(flag)
    })
  const shown = (flag: FlagRecord | undefined): SmallFlag | undefined =>
    flag === undefined ? undefined : smallFlag(flag)
  return {
    get: (id) => shown(find((flag) => flag.id === id)),
    byKey: (key) => shown(find((flag) => flag.settings.key === key)),
    create: (flag) => smallFlag(addFlag(world, world.projectId, { ...flag })),
    change: (id, fields) => {
      const flag = find((candidate) => candidate.id === id)
      if (flag === undefined) throw new Error(`The feature flag ${id} is gone`)
      changeFlag(world, flag, fields)
      return smallFlag(flag)
    },
  }
}

function smallFlag(flag: FlagRecord): SmallFlag {
  return { ...flag.settings, id: flag.id, team_id: flag.project, version: versionOf(flag) }
}
