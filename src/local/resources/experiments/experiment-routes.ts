import { invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { changeRecord, createRecord, findRecord, recordView } from '../../store/records.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'
import { cohorts } from '../cohorts/cohorts.ts'
import { copyRoutes } from './copies.ts'
import { experiments, metricsOf, statusOf } from './experiments.ts'
import { lifeCycleRoutes } from './life-cycle.ts'

const ONE = `${experiments.path}/:id`
const DAY_MS = 86_400_000

/** Experiments: their life, copies, exposure cohort and results by day. */
export const experimentRoutes: readonly Route[] = [
  ...resourceRoutes(experiments),
  ...lifeCycleRoutes,
  ...copyRoutes,
  actionRoute(
    'POST',
    `${ONE}/create_exposure_cohort_for_experiment`,
    'experiment:write',
    createExposureCohort,
  ),
  actionRoute('GET', `${ONE}/timeseries_results`, 'experiment:read', timeSeries),
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

// Nothing computes results in the background here: every day since the start waits for its own.
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
    timeseries: daysOf(experiment, call.world.now()),
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
