import { runQuery } from '../query/query.ts'
import type { AnyQuery } from '../query/send-query.ts'
import type { CallOptions, Requester } from '../requester.ts'
import { one } from './experiment.ts'

/** The result of one metric of an experiment. */
export interface ExperimentResult {
  /** The metric as the experiment defines it. */
  readonly metric: Readonly<Record<string, unknown>>
  readonly primary: boolean
  /** The baseline and each other variant, with samples, sums and significance. */
  readonly result: Readonly<Record<string, unknown>>
}

/** Computes the metrics of an experiment, primary metrics first. */
export async function experimentResults(
  api: Requester,
  id: number,
  options: CallOptions = {},
): Promise<ExperimentResult[]> {
  const experiment: { metrics?: unknown; metrics_secondary?: unknown } = await api.request(
    `GET ${one}`,
    { path: { id } },
    options,
  )
  const compute = async (metric: unknown, primary: boolean): Promise<ExperimentResult> => {
    // An `ExperimentQuery` accepts the experiment's own metrics.
    const query = { kind: 'ExperimentQuery', experiment_id: id, metric } as AnyQuery
    const result = Object(await runQuery(api, query, options))
    return { metric: Object(metric), primary, result }
  }
  const toArray = (metrics: unknown): unknown[] => (Array.isArray(metrics) ? metrics : [])
  return Promise.all([
    ...toArray(experiment.metrics).map((metric) => compute(metric, true)),
    ...toArray(experiment.metrics_secondary).map((metric) => compute(metric, false)),
  ])
}
