import { randomUUID } from 'node:crypto'
import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import type { Call } from '../../http/route.ts'
import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import {
  boolean,
  choice,
  datetime,
  type Fields,
  integer,
  json,
  list,
  object,
  text,
} from '../../store/fields.ts'
import { EXPERIMENTS } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { flagById } from '../feature-flags/flag-record.ts'
import { nestedFlagView } from '../feature-flags/flag-view.ts'
import { experimentFlag } from './experiment-flag.ts'

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
  excluded_variants: list({ nullable: true }),
  running_time_calculation: object({ nullable: true }),
  primary_metrics_ordered_uuids: json({ default: null }),
  secondary_metrics_ordered_uuids: json({ default: null }),
}

/** The status of an experiment. */
export type ExperimentStatus = 'draft' | 'running' | 'stopped'

/** The project's experiments, each on a feature flag. */
export const experiments: Resource = {
  kind: EXPERIMENTS,
  path: 'projects/:project/experiments',
  object: 'experiment',
  fields: FIELDS,
  systemFields: ['created_at', 'created_by', 'updated_at', 'user_access_level'],
  deletion: 'refused',
  activity: 'Experiment',
  search: ['name', 'feature_flag_key'],
  filter: filterExperiments,
  prepareCreate: async (call, values) => {
    checkDates(values)
    const key = String(values['feature_flag_key'])
    const flag = await experimentFlag(call, key, values['parameters'], String(values['name']))
    return { ...withMetricIds(values), flag: flag.id, exposure_cohort: null }
  },
  prepareUpdate: (_, before, values) => {
    const key = values['feature_flag_key']
    if (key !== undefined && key !== before['feature_flag_key']) {
      throw invalid(null, "Can't update keys: get_feature_flag_key on Experiment")
    }
    checkDates({ ...before, ...values })
    return withMetricIds(values)
  },
  view: ({ state }, experiment) => ({
    feature_flag: nestedFlagView(state, flagById(state, state.projectId, experiment['flag'])),
    holdout: null,
    saved_metrics: [],
    exposure_cohort: experiment['exposure_cohort'],
    status: statusOf(experiment),
    can_freeze_exposure: statusOf(experiment) === 'running',
    is_legacy: metricsOf(experiment).some((metric) => metric['kind'] !== 'ExperimentMetric'),
    flag_cleanup_task_id: null,
  }),
}

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

function filterExperiments({ url }: Call, records: readonly StoredRecord[]): readonly StoredRecord[] {
  const status = url.searchParams.get('status')
  const archived = url.searchParams.get('archived') === 'true'
  return records
    .filter((experiment) => (experiment['archived'] === true) === archived)
    .filter((experiment) => status === null || status === 'all' || statusOf(experiment) === status)
}
