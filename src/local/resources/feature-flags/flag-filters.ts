import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { filtersIn } from '../properties/property-filter.ts'
import type { FlagRecord } from './flag-record.ts'

/** A condition set: its rollout applies to everybody who matches all properties. */
export interface ConditionSet {
  readonly properties: unknown
  /** Percentage. */
  readonly rollout: number
  readonly variant: string | null
  /** Index of the group type; undefined for persons. */
  readonly groupType: number | undefined
}

/** A value of a multivariate flag. */
export interface Variant {
  readonly key: string
  /** Percentage. */
  readonly rollout: number
}

/** Filters of a flag that is on for everybody. */
export const DEFAULT_FILTERS: JsonRecord = { groups: [{ properties: [], rollout_percentage: null }] }

/** The condition sets of a flag. */
export function conditionSets(filters: JsonRecord): ConditionSet[] {
  return objects(filters['groups']).map((group) => ({
    properties: group['properties'],
    rollout: percentage(group['rollout_percentage']),
    variant: typeof group['variant'] === 'string' ? group['variant'] : null,
    groupType: groupTypeOf(group) ?? groupTypeOf(filters),
  }))
}

/** The variants of a flag; none for a boolean flag. */
export function variantsOf(filters: JsonRecord): Variant[] {
  const { multivariate } = filters
  return objects(isObject(multivariate) ? multivariate['variants'] : undefined).map((variant) => ({
    key: String(variant['key']),
    rollout: percentage(variant['rollout_percentage']),
  }))
}

/** Whether an experiment can use a flag: it has 2 to 20 variants. */
export function isEligibleForExperiment(filters: JsonRecord): boolean {
  const { length } = variantsOf(filters)
  return length >= 2 && length <= 20
}

/** The payload of a flag value as stored; undefined when it has none. */
export function payloadOf(filters: JsonRecord, value: string): unknown {
  const { payloads } = filters
  return isObject(payloads) && Object.hasOwn(payloads, value) ? payloads[value] : undefined
}

/** Ids of the flags that the conditions of a flag refer to. */
export function dependenciesOf(filters: JsonRecord): number[] {
  return conditionSets(filters)
    .flatMap((set) => filtersIn(set.properties))
    .filter((filter) => filter.type === 'flag')
    .map((filter) => Number(filter.key))
}

/** The flags whose conditions refer to this one. */
export function dependentsOf(flags: readonly FlagRecord[], flag: FlagRecord): FlagRecord[] {
  return flags.filter((other) => dependenciesOf(other.filters).includes(flag.id))
}

/**
 * Reads the filters of a body.
 *
 * @throws ApiError 400 for invalid rollouts, variants or condition sets.
 */
export function readFilters(given: JsonRecord): JsonRecord {
  const filters = 'groups' in given ? given : { ...DEFAULT_FILTERS, ...given }
  if (!Array.isArray(filters['groups'])) throw invalid('filters', 'Expected a list of condition sets.')
  const variants = variantsOf(filters)
  const total = variants.reduce((sum, variant) => sum + variant.rollout, 0)
  if (variants.length > 0 && Math.abs(total - 100) > 0.01) {
    const detail = 'Invalid variant definitions: Variant rollout percentages must sum to 100.'
    throw invalid('filters', detail)
  }
  for (const { rollout, variant } of conditionSets(filters)) {
    if (rollout < 0 || rollout > 100) throw invalid('filters', 'A rollout percentage is from 0 to 100.')
    if (variant !== null && !variants.some((candidate) => candidate.key === variant)) {
      throw invalid('filters', `Variant '${variant}' of a condition set does not exist.`)
    }
  }
  return filters
}

function groupTypeOf(holder: JsonRecord): number | undefined {
  const index = holder['aggregation_group_type_index']
  return typeof index === 'number' ? index : undefined
}

function objects(value: unknown): JsonRecord[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

// A missing percentage means 100.
function percentage(value: unknown): number {
  return typeof value === 'number' ? value : 100
}
