import { createHash } from 'node:crypto'
import { type Candidate, type CohortRecord, isInCohort } from '../cohorts/membership.ts'
import { matchesFilter, matchesTree, type PropertyFilter } from '../properties/property-filter.ts'
import { type ConditionSet, conditionSets, dependenciesOf, payloadOf, variantsOf } from './flag-filters.ts'
import type { FlagRecord } from './flag-record.ts'

/** A group of the subject. */
export interface SubjectGroup {
  readonly key: string
  readonly properties: Readonly<Record<string, unknown>>
}

/** The person for whom a flag is evaluated, and their groups. */
export interface Subject extends Candidate {
  readonly distinctId: string
  /** Identifier of the device; empty when the request has none. */
  readonly deviceId: string
  /** By group type index. */
  readonly groups: ReadonlyMap<number, SubjectGroup>
}

/** The flags and cohorts that an evaluation may refer to. */
export interface EvaluationContext {
  /** All flags of the project that are not deleted. */
  readonly flags: readonly FlagRecord[]
  readonly cohorts: readonly CohortRecord[]
  readonly now: Date
}

/** The reason for the value of a flag. */
export interface EvaluationReason {
  readonly code: string
  readonly condition_index: number | null
  readonly description: string
}

/** The value of a flag for a subject. */
export interface Evaluation {
  readonly enabled: boolean
  readonly variant: string | null
  readonly reason: EvaluationReason
  /** JSON text, as stored. */
  readonly payload: unknown
}

/** Reasons why no condition set matches, from the weakest to the strongest. The strongest one is reported. */
const MISMATCHES = ['no_condition_match', 'no_group_type', 'out_of_rollout_bound']
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  no_condition_match: 'No condition set matched',
  no_group_type: 'The request has no group of the required type',
  out_of_rollout_bound: 'Outside the rollout percentage',
}

/** Evaluates a flag for a subject. Flags with circular dependencies are off. */
export function evaluateFlag(
  flag: FlagRecord,
  subject: Subject,
  context: EvaluationContext,
  path: readonly number[] = [],
): Evaluation {
  const { filters, active, key } = flag
  if (!active) return off('flag_disabled', 'The flag is disabled')
  const known = new Set(context.flags.map((other) => other.id))
  if (path.includes(flag.id) || dependenciesOf(filters).some((id) => !known.has(id))) {
    return off('missing_dependency', 'A flag that this flag depends on does not exist')
  }
  const mismatches = new Set<string>()
  for (const [index, set] of conditionSets(filters).entries()) {
    const mismatch = findMismatch(flag, set, subject, context, path)
    if (mismatch === undefined) {
      const variant = set.variant ?? variantFor(flag, identifierOf(flag, set, subject))
      return {
        enabled: true,
        variant,
        reason: {
          code: 'condition_match',
          condition_index: index,
          description: `Matched condition set ${index + 1}`,
        },
        payload: payloadOf(filters, variant ?? 'true'),
      }
    }
    mismatches.add(mismatch)
  }
  const code = MISMATCHES.filter((candidate) => mismatches.has(candidate)).at(-1) ?? 'no_condition_match'
  return off(code, DESCRIPTIONS[code] ?? `${key} is off`)
}

function off(code: string, description: string): Evaluation {
  return {
    enabled: false,
    variant: null,
    reason: { code, condition_index: null, description },
    payload: undefined,
  }
}

function identifierOf(flag: FlagRecord, set: ConditionSet, subject: Subject): string {
  if (set.groupType !== undefined) return subject.groups.get(set.groupType)?.key ?? ''
  return isByDevice(flag) ? subject.deviceId : subject.distinctId
}

function isByDevice(flag: FlagRecord): boolean {
  return flag['bucketing_identifier'] === 'device_id'
}

/** Returns the reason why a condition set does not match; undefined when it matches. */
function findMismatch(
  flag: FlagRecord,
  set: ConditionSet,
  subject: Subject,
  context: EvaluationContext,
  path: readonly number[],
): string | undefined {
  const group = set.groupType === undefined ? undefined : subject.groups.get(set.groupType)
  if (set.groupType !== undefined && group === undefined) return 'no_group_type'
  // PostHog skips a condition on persons when the flag is bucketed by device and the request names none.
  if (group === undefined && isByDevice(flag) && subject.deviceId === '') return 'no_condition_match'
  const properties = group === undefined ? subject.properties : groupProperties(group)
  const matches = (filter: PropertyFilter): boolean => {
    if (filter.type === 'flag') return matchesFlag(filter, subject, context, [...path, flag.id])
    if (filter.type === 'cohort') return matchesCohort(filter, subject, context)
    return matchesFilter(filter, properties, context.now)
  }
  if (!matchesTree(set.properties, matches)) return 'no_condition_match'
  const position = flagHash(flag.key, identifierOf(flag, set, subject))
  return set.rollout >= 100 || position <= set.rollout / 100 ? undefined : 'out_of_rollout_bound'
}

function groupProperties(group: SubjectGroup): Record<string, unknown> {
  return { ...group.properties, $group_key: group.key }
}

function matchesCohort(
  filter: PropertyFilter,
  subject: Subject,
  { cohorts, now }: EvaluationContext,
): boolean {
  const cohort = cohorts.find((candidate) => candidate.id === Number(filter.value) && !candidate.deleted)
  const inside = cohort !== undefined && isInCohort(cohort, subject, cohorts, now)
  return filter.operator === 'not_in' || filter.negation === true ? !inside : inside
}

function matchesFlag(
  filter: PropertyFilter,
  subject: Subject,
  context: EvaluationContext,
  path: readonly number[],
): boolean {
  const other = context.flags.find((candidate) => candidate.id === Number(filter.key))
  if (other === undefined) return false
  const { enabled, variant } = evaluateFlag(other, subject, context, path)
  if (filter.value === true || filter.value === 'true') return enabled
  if (filter.value === false || filter.value === 'false') return !enabled
  return enabled && variant === filter.value
}

function variantFor(flag: FlagRecord, identifier: string): string | null {
  const position = flagHash(flag.key, identifier, 'variant')
  let bound = 0
  for (const variant of variantsOf(flag.filters)) {
    bound += variant.rollout / 100
    if (position < bound) return variant.key
  }
  return null
}

// The largest value of 15 hexadecimal digits, as a floating-point number.
const SCALE = 2 ** 60

/** A subject's position on the scale of a flag, from 0 to 1. The same subject always has the same position. */
function flagHash(flagKey: string, identifier: string, salt = ''): number {
  const digest = createHash('sha1').update(`${flagKey}.${identifier}${salt}`).digest('hex')
  return Number.parseInt(digest.slice(0, 15), 16) / SCALE
}
