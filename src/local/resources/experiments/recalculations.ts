import { ApiError, invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'
import { choice, type Fields } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'
import { findRecord } from '../../store/records.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { prepareExperimentQuery } from './experiment-query.ts'
import { metricsOf, statusOf } from './experiment-status.ts'
import { experiments } from './experiments.ts'

const RECALCULATIONS: CollectionKind = { name: 'experiment_recalculations', ids: 'uuid' }
const PATH = `${experiments.path}/:id/metrics_recalculation`
const TRIGGERS = [
  'manual',
  'cold_run',
  'stale_refresh',
  'auto_refresh',
  'config_change',
  'experiment_launch',
  'experiment_stop',
  'experiment_update',
]
const BODY: Fields = { trigger: choice(TRIGGERS, { default: 'manual' }) }
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/** Recalculations of the metrics of an experiment. Source: PostHog/posthog products/experiments/backend/recalculation.py. */
export const recalculationRoutes: readonly Route[] = [
  actionRoute('POST', PATH, 'experiment:write', recalculate),
  actionRoute('GET', `${PATH}/latest`, 'experiment:read', latest),
  actionRoute('GET', `${PATH}/:recalculation`, 'experiment:read', read),
]

// PostHog computes in the background. Here the results are there when the response is, which still says `pending`.
async function recalculate(call: Call): Promise<Response> {
  const { state } = call
  const experiment = findRecord(experiments, call)
  const { trigger } = readFields(BODY, call.body)
  if (statusOf(experiment) === 'draft') {
    throw invalid(null, "Cannot recalculate metrics for experiment that hasn't started")
  }
  const created_at = state.now().toISOString()
  const results: JsonRecord[] = []
  for (const metric of metricsOf(experiment)) results.push(await resultOf(call, experiment, metric))
  const failed = results.filter(({ status }) => status === 'failed')
  const finished = state.now().toISOString()
  const record = collectionOf(state, RECALCULATIONS).add({
    experiment_id: experiment.id,
    status: results.length > 0 && failed.length === results.length ? 'failed' : 'completed',
    total_metrics: results.length,
    completed_metrics: results.length - failed.length,
    failed_metrics: failed.length,
    metric_errors: Object.fromEntries(
      failed.map((result) => [result['metric_uuid'], result['error_message']]),
    ),
    metric_retries: {},
    trigger,
    created_at,
    started_at: created_at,
    completed_at: finished,
    query_to: created_at,
    result_source: 'recalculation',
    results,
  })
  await state.persist()
  const { results: _, ...job } = record
  const open = { started_at: null, completed_at: null, query_to: null }
  const counts = { completed_metrics: 0, failed_metrics: 0, metric_errors: {} }
  return jsonResponse(201, { ...job, ...open, ...counts, status: 'pending', is_existing: false })
}

async function resultOf(call: Call, experiment: StoredRecord, metric: JsonRecord): Promise<JsonRecord> {
  const metric_uuid = metric['uuid']
  const source = { experiment_id: experiment.id, metric }
  try {
    const result = await prepareExperimentQuery(call.state, call.state.projectId, source)()
    return { metric_uuid, status: 'completed', result, error_message: null }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { metric_uuid, status: 'failed', result: null, error_message: error.body['detail'] }
  }
}

function latest(call: Call): Response {
  const found = recalculationsOf(call).at(-1)
  if (found === undefined) throw new ApiError(404, { detail: 'No completed recalculation found' })
  return jsonResponse(200, found)
}

function read(call: Call): Response {
  const id = call.params['recalculation'] ?? ''
  if (!UUID.test(id)) throw notFound('Endpoint not found.')
  const found = recalculationsOf(call).find((recalculation) => recalculation.id === id)
  if (found === undefined) throw new ApiError(404, { detail: 'Recalculation not found' })
  return jsonResponse(200, found)
}

/** The recalculations of the experiment in the path, oldest first. */
function recalculationsOf(call: Call): StoredRecord[] {
  const experiment = findRecord(experiments, call)
  return collectionOf(call.state, RECALCULATIONS)
    .all()
    .filter((recalculation) => recalculation['experiment_id'] === experiment.id)
}
