import { type ResponseByKind, runQuery } from '../query/query.ts'
import type { AnyQuery } from '../query/send-query.ts'
import type { CallOptions, Requester } from '../requester.ts'
import { type Experiment, type ExperimentMetric, one } from './experiment.ts'

/** The result of one metric of an experiment. */
export interface ExperimentResult {
  /** The metric as the experiment defines it, by `metric_type`. */
  readonly metric: ExperimentMetric
  readonly primary: boolean
  /** The baseline and each other variant, with samples, sums and significance, by `method`. */
  readonly result: ResponseByKind<'ExperimentQuery'>
}

/** Computes the metrics of an experiment, primary metrics first. */
export async function experimentResults(
  api: Requester,
  id: number,
  options: CallOptions = {},
): Promise<ExperimentResult[]> {
  const { metrics, metrics_secondary } = await api.request(`GET ${one}`, { path: { id } }, options)
  const compute = async (metric: ExperimentMetric, primary: boolean): Promise<ExperimentResult> => {
    // An `ExperimentQuery` accepts the experiment's own metrics.
    const query = { kind: 'ExperimentQuery', experiment_id: id, metric } as AnyQuery
    const result = Object(await runQuery(api, query, options))
    return { metric, primary, result }
  }
  const toArray = (given: Experiment['metrics']): readonly ExperimentMetric[] =>
    Array.isArray(given) ? given : []
  return Promise.all([
    ...toArray(metrics).map((metric) => compute(metric, true)),
    ...toArray(metrics_secondary).map((metric) => compute(metric, false)),
  ])
}
