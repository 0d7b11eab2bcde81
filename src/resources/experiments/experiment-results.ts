import { runQuery } from '../query/run-query.ts'
import type { AnyQuery } from '../query/send.ts'
import type { CallOptions, Requester } from '../requester.ts'

/** What one metric of an experiment came to. */
export interface ExperimentResult {
  /** The metric as the experiment has it. */
  readonly metric: Readonly<Record<string, unknown>>
  readonly primary: boolean
  /** The variant that the others are held against, and each of the others, with samples, sums and significance. */
  readonly result: Readonly<Record<string, unknown>>
}

/** Computes the metrics of an experiment, the primary ones first. */
export async function experimentResults(
  api: Requester,
  id: number,
  options: CallOptions = {},
): Promise<ExperimentResult[]> {
  const route = 'GET /api/projects/{project_id}/experiments/{id}/'
  const experiment: { metrics?: unknown; metrics_secondary?: unknown } = await api.request(
    route,
    { path: { id } },
    options,
  )
  const compute = async (metric: unknown, primary: boolean): Promise<ExperimentResult> => {
    // The experiment's own metrics are what the query takes.
    const query = { kind: 'ExperimentQuery', experiment_id: id, metric } as AnyQuery
    const result = Object(await runQuery(api, query, options))
    return { metric: Object(metric), primary, result }
  }
  const list = (metrics: unknown): unknown[] => (Array.isArray(metrics) ? metrics : [])
  return Promise.all([
    ...list(experiment.metrics).map((metric) => compute(metric, true)),
    ...list(experiment.metrics_secondary).map((metric) => compute(metric, false)),
  ])
}
