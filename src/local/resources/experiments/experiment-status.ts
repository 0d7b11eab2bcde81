import { isObject } from '../../../shared/is-object.ts'
import type { JsonRecord } from '../../store/collection.ts'
import type { FlagRecord } from '../feature-flags/flag-record.ts'

/** The stored status of an experiment. */
export type ExperimentStatus = 'draft' | 'running' | 'stopped'

/** The status of an experiment as responses show it. It depends on the flag too. */
export type ShownStatus = 'draft' | 'running' | 'paused' | 'exposure_frozen' | 'stopped'

/** An experiment is a draft before its start and stopped after its end. */
export function statusOf({ start_date, end_date }: JsonRecord): ExperimentStatus {
  if (typeof start_date !== 'string') return 'draft'
  return typeof end_date === 'string' ? 'stopped' : 'running'
}

/** All metrics of an experiment. */
export function metricsOf(experiment: JsonRecord): JsonRecord[] {
  return [experiment['metrics'], experiment['metrics_secondary']].flatMap((metrics) =>
    Array.isArray(metrics) ? metrics.filter(isObject) : [],
  )
}

/** The status of an experiment: paused while its flag is off, frozen while every condition group is frozen. */
export function shownStatus(experiment: JsonRecord, flag: FlagRecord | undefined): ShownStatus {
  const status = statusOf(experiment)
  if (status !== 'running' || flag === undefined) return status
  if (!flag.active) return 'paused'
  const groups = groupsOf(flag)
  const frozen = groups.length > 0 && groups.every((group) => group['exposure_frozen'] === true)
  return frozen ? 'exposure_frozen' : 'running'
}

/** Why PostHog refuses to freeze the exposure of an experiment. Undefined if it does not. */
export function freezeBlocker(experiment: JsonRecord, flag: FlagRecord | undefined): string | undefined {
  const status = shownStatus(experiment, flag)
  if (status === 'draft') return 'Experiment has not been launched yet.'
  if (status === 'stopped') return 'Experiment has already ended.'
  if (flag === undefined) return 'The feature flag of this experiment has been deleted.'
  if (status === 'paused') return 'Cannot freeze a paused experiment. Resume it first.'
  if (status === 'exposure_frozen') return 'Experiment exposure is already frozen.'
  const { aggregation_group_type_index: groupType, holdout, holdout_groups, super_groups } = flag.filters
  if (typeof groupType === 'number') return 'Group-aggregated experiments cannot be frozen.'
  if (groupsOf(flag).length === 0) return 'The feature flag has no release conditions.'
  const hasHoldout =
    typeof experiment['holdout_id'] === 'number' || isObject(holdout) || isFilled(holdout_groups)
  if (hasHoldout) return 'Experiments with a holdout cannot be frozen.'
  if (isFilled(super_groups)) return 'Experiments on a flag with early access conditions cannot be frozen.'
  return undefined
}

/** The condition groups of a flag. */
export function groupsOf({ filters }: FlagRecord): JsonRecord[] {
  const { groups } = filters
  return Array.isArray(groups) ? groups.filter(isObject) : []
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0
}
