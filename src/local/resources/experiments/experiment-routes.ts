import { randomUUID } from 'node:crypto'
import { invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { bulkTagsRoute } from '../../store/bulk-tags.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { type Fields, integer, text } from '../../store/fields.ts'
import { EXPERIMENTS } from '../../store/kinds.ts'
import { readFields } from '../../store/read-fields.ts'
import { changeRecord, createRecord, findRecord, recordView } from '../../store/records.ts'
import {
  actionRoute,
  recordActivityRoute,
  recordResponse,
  resourceRoutes,
} from '../../store/resource-routes.ts'
import { cohorts } from '../cohorts/cohorts.ts'
import { checkProject } from '../organizations/projects.ts'
import { experimentActionRoutes } from './experiment-actions.ts'
import { experimentFlag } from './experiment-flag.ts'
import { metricsOf, statusOf } from './experiment-status.ts'
import { experiments } from './experiments.ts'
import { freezeRoutes } from './freeze-exposure.ts'
import { recalculationRoutes } from './recalculations.ts'
import { calculateRunningTime } from './running-time.ts'

const EXPERIMENT = `${experiments.path}/:id`
const DAY_MS = 86_400_000
const DUPLICATE: Fields = { name: text(), feature_flag_key: text() }
const COPY: Fields = { target_team_id: integer({ required: true }), ...DUPLICATE }

/** Copies of experiments. Each copy is a draft. */
const copyRoutes: readonly Route[] = [
  actionRoute('POST', `${EXPERIMENT}/duplicate`, 'experiment:write', (call) => {
    const overrides = readFields(DUPLICATE, call.body, 'change')
    return copyExperiment(call, findRecord(experiments, call), overrides, call.state.projectId)
  }),
  actionRoute('POST', `${EXPERIMENT}/copy_to_project`, 'experiment:write', (call) => {
    const experiment = findRecord(experiments, call)
    const overrides = readFields(COPY, call.body)
    return copyExperiment(
      call,
      experiment,
      overrides,
      checkProject(call.state, overrides['target_team_id'], 'target_team_id'),
    )
  }),
]

/** Experiments with their actions, copies, exposure cohort and daily results. */
export const experimentRoutes: readonly Route[] = [
  bulkTagsRoute(experiments),
  actionRoute('POST', `${experiments.path}/calculate_running_time`, 'experiment:read', calculateRunningTime),
  ...resourceRoutes(experiments),
  recordActivityRoute(experiments),
  ...experimentActionRoutes,
  ...freezeRoutes,
  ...recalculationRoutes,
  ...copyRoutes,
  actionRoute(
    'POST',
    `${EXPERIMENT}/create_exposure_cohort_for_experiment`,
    'experiment:write',
    createExposureCohort,
  ),
  actionRoute('GET', `${EXPERIMENT}/timeseries_results`, 'experiment:read', timeSeries),
]

async function createExposureCohort(call: Call): Promise<Response> {
  const experiment = findRecord(experiments, call)
  if (statusOf(experiment) === 'draft') throw invalid(null, 'Experiment does not have a start date')
  if (experiment['exposure_cohort'] !== null) throw invalid(null, 'Experiment already has an exposure cohort')
  const { name, feature_flag_key: key, start_date } = experiment
  const exposed = {
    key: '$feature_flag_called',
    type: 'behavioral',
    value: 'performed_event',
    event_type: 'events',
    explicit_datetime: start_date,
    event_filters: [{ key: '$feature_flag', type: 'event', value: [key], operator: 'exact' }],
  }
  const filters = { properties: { type: 'OR', values: [{ type: 'OR', values: [exposed] }] } }
  const label = `Users exposed to experiment ${String(name)}`
  const cohort = await createRecord(cohorts, call, { name: label, filters })
  await changeRecord(experiments, call, experiment, { exposure_cohort: cohort.id })
  const view = await recordView(cohorts, call, cohort)
  return jsonResponse(200, { cohort: { ...view, experiment_set: [experiment.id] } })
}

// The local PostHog computes no results in the background, so every day since the start is pending.
function timeSeries(call: Call): Response {
  const experiment = findRecord(experiments, call)
  const { searchParams } = call.url
  for (const name of ['metric_uuid', 'fingerprint']) {
    if (searchParams.get(name) === null) throw invalid(null, `${name} query parameter is required`)
  }
  const uuid = searchParams.get('metric_uuid')
  if (!metricsOf(experiment).some((metric) => metric['uuid'] === uuid)) {
    throw notFound(`Metric with uuid ${uuid} not found in this experiment`)
  }
  return jsonResponse(200, {
    experiment_id: experiment.id,
    metric_uuid: uuid,
    status: 'pending',
    timeseries: daysOf(experiment, call.state.now()),
    errors: null,
    computed_at: null,
    created_at: experiment['created_at'],
    recalculation_status: null,
    recalculation_created_at: null,
  })
}

function daysOf({ start_date: start, end_date: end }: JsonRecord, now: Date): JsonRecord {
  if (typeof start !== 'string') return {}
  const last = typeof end === 'string' ? Date.parse(end) : now.getTime()
  const days: [string, null][] = []
  for (let at = Date.parse(start.slice(0, 10)); at <= last; at += DAY_MS) {
    days.push([new Date(at).toISOString().slice(0, 10), null])
  }
  return Object.fromEntries(days)
}

async function copyExperiment(
  call: Call,
  { id, ...experiment }: StoredRecord,
  overrides: JsonRecord,
  project: number,
): Promise<Response> {
  const { state } = call
  const key = String(overrides['feature_flag_key'] ?? experiment['feature_flag_key'])
  const flag = await experimentFlag(call, key, experiment['parameters'], String(experiment['name']))
  const now = state.now().toISOString()
  const copy = collectionOf(state, EXPERIMENTS, project).add({
    ...experiment,
    name: overrides['name'] ?? uniqueName(call, `${String(experiment['name'])} (Copy)`),
    feature_flag_key: key,
    flag: flag.id,
    start_date: null,
    end_date: null,
    archived: false,
    conclusion: null,
    conclusion_comment: null,
    exposure_cohort: null,
    flag_archived: false,
    metrics: withNewUuids({ metrics: experiment['metrics'] }),
    metrics_secondary: withNewUuids({ metrics: experiment['metrics_secondary'] }),
    created_at: now,
    updated_at: now,
  })
  await state.persist()
  return recordResponse(experiments, call, copy)
}

function withNewUuids(experiment: JsonRecord): JsonRecord[] {
  return metricsOf(experiment).map((metric) => ({ ...metric, uuid: randomUUID() }))
}

function uniqueName({ state }: Call, name: string): string {
  const taken = new Set(
    collectionOf(state, EXPERIMENTS)
      .all()
      .map((experiment) => experiment['name']),
  )
  let unique = name
  for (let number = 2; taken.has(unique); number += 1) unique = `${name} ${number}`
  return unique
}
