import { isObject } from '../../http/json.ts'
import { filtersIn, type PropertyFilter } from '../properties/property-filter.ts'
import type { FlagRecord, FlagSettings } from './flag-record.ts'

/** One set of conditions: who fits all of it gets the flag, by its rollout. */
export interface ConditionSet {
  readonly properties: unknown
  readonly rollout: number
  readonly variant: string | null
  /** Kind of group that it is about; undefined for persons. */
  readonly groupType: number | undefined
}

/** A value that a flag may have. */
export interface Variant {
  readonly key: string
  readonly rollout: number
}

type Filters = FlagSettings['filters']

/** The sets of conditions of a flag. */
export function conditionSets(filters: Filters): ConditionSet[] {
  return objects(filters['groups']).map((group) => ({
    properties: group['properties'],
    rollout: percentage(group['rollout_percentage']),
    variant: typeof group['variant'] === 'string' ? group['variant'] : null,
    groupType: groupTypeOf(group) ?? groupTypeOf(filters),
  }))
}

function groupTypeOf(holder: Readonly<Record<string, unknown>>): number | undefined {
  const index = holder['aggregation_group_type_index']
  return typeof index === 'number' ? index : undefined
}

/** The variants of a flag; none when it is on or off. */
export function variantsOf(filters: Filters): Variant[] {
  const { multivariate } = filters
  return objects(isObject(multivariate) ? multivariate['variants'] : undefined).map((variant) => ({
    key: String(variant['key']),
    rollout: percentage(variant['rollout_percentage']),
  }))
}

/** The payload of a value of the flag, as it is stored; undefined when it has none. */
export function payloadOf(filters: Filters, value: string): unknown {
  const { payloads } = filters
  return isObject(payloads) && Object.hasOwn(payloads, value) ? payloads[value] : undefined
}

/** The flags that a flag's conditions ask for. */
export function dependenciesOf(filters: Filters): number[] {
  return conditionsOf(filters)
    .filter((filter) => filter.type === 'flag')
    .map((filter) => Number(filter.key))
}

/** Flags that ask for this one, in its project. */
export function dependentsOf(flags: readonly FlagRecord[], flag: FlagRecord): FlagRecord[] {
  return flags.filter(
    ({ project, settings }) =>
      project === flag.project && !settings.deleted && dependenciesOf(settings.filters).includes(flag.id),
  )
}

function conditionsOf(filters: Filters): PropertyFilter[] {
  return conditionSets(filters).flatMap((set) => filtersIn(set.properties))
}

function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

// No percentage is all of them.
function percentage(value: unknown): number {
  return typeof value === 'number' ? value : 100
}
