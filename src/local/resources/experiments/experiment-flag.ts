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
  return {
    ...(isObject(parameters) ? parameters : {}),
    ...(variants === undefined ? {} : { feature_flag_variants: variants }),
    ...(rollout === undefined ? {} : { rollout_percentage: rollout }),
    ...(payloads === undefined ? {} : { feature_flag_payloads: payloads }),
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
  return createFlag(call, {
    key,
    name: `Feature Flag for Experiment ${name}`,
    active: false,
    filters: {
      groups: [{ properties: [], rollout_percentage: rollout }],
      multivariate: { variants },
      payloads: member(parameters, 'feature_flag_payloads') ?? {},
    },
  })
}

/** The variants of a feature flag. */
export function variantsOf({ filters }: FlagRecord): JsonRecord[] {
  const variants = member(filters['multivariate'], 'variants')
  return Array.isArray(variants) ? variants.filter(isObject) : []
}

/** Filters that serve one variant to everyone. */
export function shippedFilters(flag: FlagRecord, key: string): JsonRecord {
  const variants = variantsOf(flag).map((variant) => ({
    ...variant,
    rollout_percentage: variant['key'] === key ? 100 : 0,
  }))
  const everybody = { properties: [], rollout_percentage: 100 }
  return { ...flag.filters, groups: [everybody], multivariate: { variants } }
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
