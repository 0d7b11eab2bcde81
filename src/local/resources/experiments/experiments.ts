import { randomUUID } from 'node:crypto'
import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import type { JsonRecord } from '../../store/collection.ts'
import {
  boolean,
  choice,
  datetime,
  type Fields,
  integer,
  json,
  list,
  object,
  TAGS,
  text,
} from '../../store/fields.ts'
import { EXPERIMENTS } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { flagById } from '../feature-flags/flag-record.ts'
import { nestedFlagView } from '../feature-flags/flag-view.ts'
import { filterExperiments } from './experiment-filters.ts'
import { experimentFlag, flagSettings } from './experiment-flag.ts'
import { freezeBlocker, metricsOf, shownStatus } from './experiment-status.ts'

export const CONCLUSIONS = ['won', 'lost', 'inconclusive', 'stopped_early', 'invalid'] as const

const FIELDS: Fields = {
  name: text({ required: true, maxLength: 400 }),
  description: text({ nullable: true, blank: true, maxLength: 3_000, default: '' }),
  start_date: datetime({ nullable: true }),
  end_date: datetime({ nullable: true }),
  feature_flag_key: text({ required: true }),
  parameters: object({ nullable: true }),
  secondary_metrics: json({ default: null }),
  filters: json({ default: {} }),
  archived: boolean({ default: false }),
  deleted: boolean({ nullable: true, default: false }),
  holdout_id: integer({ nullable: true }),
  saved_metrics_ids: list({ nullable: true, writeOnly: true }),
  type: choice(['web', 'product'], { nullable: true, default: 'product' }),
  exposure_criteria: object({ nullable: true }),
  metrics: list({ nullable: true, default: [] }),
  metrics_secondary: list({ nullable: true, default: [] }),
  stats_config: json({ default: null }),
  scheduling_config: json({ default: null }),
  allow_unknown_events: boolean({ writeOnly: true }),
  update_feature_flag_params: boolean({ writeOnly: true }),
  only_count_matured_users: boolean({ default: false }),
  conclusion: choice(CONCLUSIONS, { nullable: true }),
  conclusion_comment: text({ nullable: true, blank: true }),
  primary_metrics_ordered_uuids: json({ default: null }),
  secondary_metrics_ordered_uuids: json({ default: null }),
  running_time_calculation: object({ nullable: true }),
  excluded_variants: list({ nullable: true }),
  feature_flag: object({ writeOnly: true }),
  tags: { ...TAGS, writeOnly: true },
  repository: text({ nullable: true, maxLength: 255, writeOnly: true }),
  version: integer({ nullable: true, writeOnly: true }),
}

const LEGACY_METRICS = ['ExperimentTrendsQuery', 'ExperimentFunnelsQuery']

/** The project's experiments, each on a feature flag. */
export const experiments: Resource = {
  kind: EXPERIMENTS,
  path: 'projects/:project/experiments',
  object: 'experiment',
  fields: FIELDS,
  systemFields: ['created_at', 'created_by', 'updated_at', 'user_access_level'],
  deletion: 'refused',
  activity: 'Experiment',
  // PostHog/posthog products/experiments/backend/presentation/serializers.py, ExperimentBasicSerializer
  omitFromList: [
    'can_freeze_exposure',
    'exposure_criteria',
    'filters',
    'flag_cleanup_task_id',
    'holdout_id',
    'metrics',
    'metrics_secondary',
    'only_count_matured_users',
    'primary_metrics_ordered_uuids',
    'saved_metrics',
    'scheduling_config',
    'secondary_metrics',
    'secondary_metrics_ordered_uuids',
    'stats_config',
  ],
  search: ['name', 'feature_flag_key'],
  filter: filterExperiments,
  prepareCreate: async (call, values) => {
    checkDates(values)
    const key = String(values['feature_flag_key'])
    const flag = await experimentFlag(call, key, flagSettings(values), String(values['name']))
    return { ...withMetricIds(values), feature_flag: undefined, flag: flag.id, exposure_cohort: null }
  },
  prepareUpdate: (_, before, values) => {
    const key = values['feature_flag_key']
    if (key !== undefined && key !== before['feature_flag_key']) {
      throw invalid(null, "Can't update keys: get_feature_flag_key on Experiment")
    }
    checkDates({ ...before, ...values })
    if (typeof values['version'] === 'number') {
      throw invalid('version', 'The local PostHog does not check the version of experiments.')
    }
    return withMetricIds(values)
  },
  view: ({ state }, experiment) => {
    const flag = flagById(state, state.projectId, experiment['flag'])
    return {
      feature_flag: nestedFlagView(state, flag),
      holdout: null,
      saved_metrics: [],
      exposure_cohort: experiment['exposure_cohort'],
      status: shownStatus(experiment, flag),
      can_freeze_exposure: freezeBlocker(experiment, flag) === undefined,
      flag_cleanup_task_id: null,
      is_legacy: metricsOf(experiment).some(({ kind }) => LEGACY_METRICS.includes(String(kind))),
    }
  },
}

function checkDates({ start_date: start, end_date: end }: JsonRecord): void {
  if (typeof start === 'string' && typeof end === 'string' && Date.parse(start) >= Date.parse(end)) {
    throw invalid(null, 'End date must be after start date')
  }
}

// Results refer to metrics by uuid, so every metric gets one.
function withMetricIds(values: JsonRecord): JsonRecord {
  const named = ['metrics', 'metrics_secondary'].flatMap((name) => {
    const metrics = values[name]
    if (!Array.isArray(metrics)) return []
    return [[name, metrics.map((metric) => (isObject(metric) ? { uuid: randomUUID(), ...metric } : metric))]]
  })
  return Object.fromEntries(named)
}
