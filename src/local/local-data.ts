import type { ActivityRecord } from './resources/activity/activity-log.ts'
import type { CohortRecord } from './resources/cohorts/cohort-record.ts'
import type { EventDefinition, PropertyDefinition } from './resources/definitions/definition-record.ts'
import type { ExperimentOfQuery } from './resources/experiments/experiment-of-query.ts'
import type { FlagRecord } from './resources/feature-flags/flag-record.ts'
import type { GroupRecord, GroupTypeRecord } from './resources/groups/group-record.ts'
import type { PersonDeletion } from './resources/persons/person-deletion.ts'

/** What is kept beside the tables. Plain JSON all through, so that a file can hold it. */
export interface DataStores {
  /** The last number given, by the kind of object. */
  readonly numbers: Record<string, number>
  readonly flags: FlagRecord[]
  readonly cohorts: CohortRecord[]
  readonly groups: GroupRecord[]
  readonly groupTypes: GroupTypeRecord[]
  readonly eventDefinitions: EventDefinition[]
  readonly propertyDefinitions: PropertyDefinition[]
  /** Definitions that were deleted, with the moment: data of later days brings them back. */
  readonly forgotten: { readonly name: string; readonly at: string }[]
  readonly deletions: PersonDeletion[]
  readonly activity: ActivityRecord[]
  /** What the user changed of themselves. */
  readonly user: Record<string, unknown>
}

/** What these resources ask of others, which know nothing of them. */
export interface DataLinks {
  /** The experiment that a query is about. */
  readonly experiment: (project: number, id: number) => ExperimentOfQuery | undefined
  /** Ids and names of the experiments on a flag. */
  readonly experimentsOn: (flag: FlagRecord) => readonly FlagExperiment[]
  /** Makes the dashboard on the use of a new flag, and tells its id. */
  readonly usageDashboard: (project: number, key: string) => number
}

/** An experiment as a feature flag names it. */
export interface FlagExperiment {
  readonly id: number
  readonly name: string
  readonly is_running: boolean
}

/** The state of feature flags, cohorts, persons, groups and definitions. */
export interface LocalData {
  readonly stores: DataStores
  readonly links: DataLinks
  /** Runs what reads and then writes the tables one after another. */
  inOrder<T>(task: () => Promise<T>): Promise<T>
}

/** The state as it was saved, or a new one. */
export function createLocalData(
  saved: Partial<DataStores> | undefined,
  links: Partial<DataLinks> = {},
): LocalData {
  let chain: Promise<unknown> = Promise.resolve()
  const stores: DataStores = {
    numbers: {},
    flags: [],
    cohorts: [],
    groups: [],
    groupTypes: [{ group_type: 'company', group_type_index: 0 }],
    eventDefinitions: [],
    propertyDefinitions: [],
    forgotten: [],
    deletions: [],
    activity: [],
    user: {},
    ...saved,
  }
  return {
    stores,
    links: {
      experiment: () => undefined,
      experimentsOn: () => [],
      usageDashboard: () => nextNumber(stores, 'usage_dashboard'),
      ...links,
    },
    inOrder: (task) => {
      const result = chain.then(task)
      chain = result.catch(() => {})
      return result
    },
  }
}

/** The next whole number for a kind of object, from 1. */
export function nextNumber(stores: DataStores, kind: string): number {
  const number = (stores.numbers[kind] ?? 0) + 1
  stores.numbers[kind] = number
  return number
}
