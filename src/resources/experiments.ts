import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { requireId } from './check-arguments.ts'
import { type IdBodyMethod, type IdMethod, method } from './methods.ts'
import { runQuery } from './query/query.ts'
import type { AnyQuery } from './query/send-query.ts'
import type { CallOptions, QueryOf, Requester, ResponseOf } from './requester.ts'
import { type Collection, collection, type Resource, type SoftDeletable, softDeletes } from './verbs.ts'

const all = '/api/projects/{project_id}/experiments/'
const one = '/api/projects/{project_id}/experiments/{id}/'

/** A test of variants of something. */
export type Experiment = ResponseOf<`GET ${typeof one}`>

/** Tests of variants, each over a feature flag. */
export interface Experiments
  extends Collection<typeof all, typeof one>,
    SoftDeletable<`PATCH ${typeof one}`> {
  /** Starts a draft. */
  launch: IdMethod<`POST ${typeof one}launch/`>
  /**
   * Ends an experiment, with a conclusion.
   *
   * @example await posthog.experiments.end(7, { conclusion: 'won' })
   */
  end: IdBodyMethod<`POST ${typeof one}end/`>
  /** Shows no variant for a while. */
  pause: IdMethod<`POST ${typeof one}pause/`>
  /** Goes on after a pause. */
  resume: IdMethod<`POST ${typeof one}resume/`>
  /** Makes a draft of an experiment again. */
  reset: IdMethod<`POST ${typeof one}reset/`>
  /** Puts an ended experiment away. */
  archive: IdMethod<`POST ${typeof one}archive/`>
  /** Brings it back. */
  unarchive: IdMethod<`POST ${typeof one}unarchive/`>
  /** Gives one variant to everybody. */
  shipVariant: IdBodyMethod<`POST ${typeof one}ship_variant/`>
  /** Makes a draft of the same kind. */
  duplicate: IdBodyMethod<`POST ${typeof one}duplicate/`>
  /**
   * Makes a draft of the same kind in another project.
   *
   * @example await posthog.experiments.copyToProject(7, { target_team_id: 456 })
   */
  copyToProject: IdBodyMethod<`POST ${typeof one}copy_to_project/`>
  /** Makes a cohort of everybody who saw a variant. */
  createExposureCohort: IdMethod<`POST ${typeof one}create_exposure_cohort_for_experiment/`>
  /**
   * What each metric came to, computed now.
   *
   * @throws BadRequestError for an experiment that has not started
   * @example for (const { metric, result } of await posthog.experiments.results(7)) console.log(metric, result)
   */
  results(id: number, options?: CallOptions): Promise<ExperimentResult[]>
  /** How a metric came about day by day. */
  timeseries(
    id: number,
    metric: QueryOf<`GET ${typeof one}timeseries_results/`>,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`GET ${typeof one}timeseries_results/`>>
}

/** Binds experiments to a client. */
export const createExperiments: Resource<Experiments> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  launch: method(api, `POST ${one}launch/`, 'id'),
  end: method(api, `POST ${one}end/`, 'id, body'),
  pause: method(api, `POST ${one}pause/`, 'id'),
  resume: method(api, `POST ${one}resume/`, 'id'),
  reset: method(api, `POST ${one}reset/`, 'id'),
  archive: method(api, `POST ${one}archive/`, 'id'),
  unarchive: method(api, `POST ${one}unarchive/`, 'id'),
  shipVariant: method(api, `POST ${one}ship_variant/`, 'id, body'),
  duplicate: method(api, `POST ${one}duplicate/`, 'id, body'),
  copyToProject: method(api, `POST ${one}copy_to_project/`, 'id, body'),
  createExposureCohort: method(api, `POST ${one}create_exposure_cohort_for_experiment/`, 'id'),
  results: async (id, options) => {
    requireId('id', id)
    return experimentResults(api, id, options)
  },
  timeseries: (id, query, options) => {
    return api.request(`GET ${one}timeseries_results/`, { path: { id }, query }, options)
  },
})

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
