import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { type FlagRecord, flagByKey } from '../feature-flags/flag-record.ts'
import { createFlag } from '../feature-flags/flags.ts'

const DEFAULT_VARIANTS: readonly JsonRecord[] = [
  { key: 'control', name: 'Control Group', rollout_percentage: 50 },
  { key: 'test', name: 'Test Variant', rollout_percentage: 50 },
]

/** The flag settings in the body of an experiment: those of `feature_flag`, or else the older ones of `parameters`. */
export function flagSettings({ parameters, feature_flag }: JsonRecord): JsonRecord {
  const filters = member(feature_flag, 'filters')
  const variants = member(member(filters, 'multivariate'), 'variants')
  const groups = member(filters, 'groups')
  const rollout = member(Array.isArray(groups) ? groups[0] : undefined, 'rollout_percentage')
  const payloads = member(filters, 'payloads')
  const groupType = member(filters, 'aggregation_group_type_index')
  const continuity = member(feature_flag, 'ensure_experience_continuity')
  return {
    ...(isObject(parameters) ? parameters : {}),
    ...(variants === undefined ? {} : { feature_flag_variants: variants }),
    ...(rollout === undefined ? {} : { rollout_percentage: rollout }),
    ...(payloads === undefined ? {} : { feature_flag_payloads: payloads }),
    ...(groupType === undefined ? {} : { aggregation_group_type_index: groupType }),
    ...(continuity === undefined ? {} : { ensure_experience_continuity: continuity }),
  }
}

/** Gets the feature flag with a key, or creates one with the experiment's variants. */
export async function experimentFlag(
  call: Call,
  key: string,
  parameters: unknown,
  name: string,
): Promise<FlagRecord> {
  const { state } = call
  const existing = flagByKey(state, state.projectId, key)
  const variants = existing === undefined ? requestedVariants(parameters) : variantsOf(existing)
  if (variants.length < 2) {
    throw invalid(
      'feature_flag_key',
      'Feature flag must have at least 2 variants (control and at least one test variant)',
    )
  }
  if (!variants.some((variant) => variant['key'] === 'control')) {
    throw invalid('feature_flag_key', "Feature flag must have a variant with key 'control'")
  }
  if (existing !== undefined) return existing
  const rollout = member(parameters, 'rollout_percentage') ?? 100
  const groupType = member(parameters, 'aggregation_group_type_index')
  return createFlag(call, {
    key,
    name: `Feature Flag for Experiment ${name}`,
    active: false,
    ensure_experience_continuity: member(parameters, 'ensure_experience_continuity') ?? false,
    filters: {
      groups: [{ properties: [], rollout_percentage: rollout }],
      multivariate: { variants },
      payloads: member(parameters, 'feature_flag_payloads') ?? {},
      ...(typeof groupType === 'number' ? { aggregation_group_type_index: groupType } : {}),
    },
  })
}

/** The variants of a feature flag. */
export function variantsOf({ filters }: FlagRecord): JsonRecord[] {
  const variants = member(filters['multivariate'], 'variants')
  return Array.isArray(variants) ? variants.filter(isObject) : []
}

/**
 * Filters that serve one variant to everyone who matches the flag. `everyone` puts a condition for all users first.
 *
 * @see PostHog/posthog products/experiments/backend/experiment_service.py, _transform_filters_for_winning_variant
 */
export function shippedFilters(flag: FlagRecord, key: string, everyone: boolean): JsonRecord {
  const variants = variantsOf(flag).map(({ key: variant, name }) => ({
    key: variant,
    rollout_percentage: variant === key ? 100 : 0,
    ...(name ? { name } : {}),
  }))
  const { groups, payloads = {}, aggregation_group_type_index = null } = flag.filters
  const own = Array.isArray(groups) ? groups : []
  return {
    aggregation_group_type_index,
    payloads,
    multivariate: { variants },
    groups: everyone ? [{ ...EVERYBODY }, ...own] : own,
  }
}

const EVERYBODY: JsonRecord = {
  properties: [],
  rollout_percentage: 100,
  description: 'Added automatically when the experiment was ended to keep only one variant.',
}

function requestedVariants(parameters: unknown): readonly JsonRecord[] {
  const variants = member(parameters, 'feature_flag_variants')
  if (!Array.isArray(variants) || variants.length === 0) return DEFAULT_VARIANTS
  return variants.filter(isObject).map(({ key, name, rollout_percentage, split_percent }) => ({
    key,
    name: name ?? '',
    rollout_percentage: rollout_percentage ?? split_percent ?? 0,
  }))
}
