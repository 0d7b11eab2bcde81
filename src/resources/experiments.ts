import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { requireId } from './check-arguments.ts'
import { type IdBodyMethod, type IdMethod, method } from './methods.ts'
import { type ResponseByKind, runQuery } from './query/query.ts'
import type { AnyQuery } from './query/send-query.ts'
import type { CallOptions, QueryOf, Requester, ResponseOf } from './requester.ts'
import { type Collection, collection, type Resource, type SoftDeletable, softDeletes } from './verbs.ts'

const all = '/api/projects/{project_id}/experiments/'
const one = '/api/projects/{project_id}/experiments/{id}/'

/** An experiment. */
export type Experiment = ResponseOf<`GET ${typeof one}`>

/** A metric of an experiment: mean, funnel, ratio or retention, by `metric_type`. */
export type ExperimentMetric = NonNullable<Experiment['metrics']>[number]

/** Experiments. Each tests the variants of a feature flag. */
export interface Experiments
  extends Collection<typeof all, typeof one>,
    SoftDeletable<`PATCH ${typeof one}`> {
  /** Launches a draft experiment. */
  launch: IdMethod<`POST ${typeof one}launch/`>
  /**
   * Ends an experiment with a conclusion.
   *
   * @example await posthog.experiments.end(7, { conclusion: 'won' })
   */
  end: IdBodyMethod<`POST ${typeof one}end/`>
  /** Pauses an experiment. PostHog serves no variant meanwhile. */
  pause: IdMethod<`POST ${typeof one}pause/`>
  /** Resumes a paused experiment. */
  resume: IdMethod<`POST ${typeof one}resume/`>
  /** Resets an experiment to a draft. */
  reset: IdMethod<`POST ${typeof one}reset/`>
  /** Archives an ended experiment. */
  archive: IdMethod<`POST ${typeof one}archive/`>
  /** Restores an archived experiment. */
  unarchive: IdMethod<`POST ${typeof one}unarchive/`>
  /** Ships a variant to all users. */
  shipVariant: IdBodyMethod<`POST ${typeof one}ship_variant/`>
  /** Copies an experiment as a new draft. */
  duplicate: IdBodyMethod<`POST ${typeof one}duplicate/`>
  /**
   * Copies an experiment to another project as a draft.
   *
   * @example await posthog.experiments.copyToProject(7, { target_team_id: 456 })
   */
  copyToProject: IdBodyMethod<`POST ${typeof one}copy_to_project/`>
  /** Creates a cohort of the persons who saw a variant. */
  createExposureCohort: IdMethod<`POST ${typeof one}create_exposure_cohort_for_experiment/`>
  /**
   * Computes the result of each metric, primary metrics first.
   *
   * @throws BadRequestError if the experiment has not started
   * @example for (const { metric, result } of await posthog.experiments.results(7)) console.log(metric, result)
   */
  results(id: number, options?: CallOptions): Promise<ExperimentResult[]>
  /** Returns the daily results of a metric. */
  timeseries(
    id: number,
    metric: QueryOf<`GET ${typeof one}timeseries_results/`>,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`GET ${typeof one}timeseries_results/`>>
}

/** Creates the experiments resource. */
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

/** The result of one metric of an experiment. */
export interface ExperimentResult {
  /** The metric as the experiment defines it, by `metric_type`. */
  readonly metric: ExperimentMetric
  readonly primary: boolean
  /** The baseline and each other variant, with samples, sums and significance, by `method`. */
  readonly result: ResponseByKind<'ExperimentQuery'>
}

/** Computes the metrics of an experiment, primary metrics first. */
async function experimentResults(
  api: Requester,
  id: number,
  options: CallOptions = {},
): Promise<ExperimentResult[]> {
  const route = 'GET /api/projects/{project_id}/experiments/{id}/'
  const { metrics, metrics_secondary } = await api.request(route, { path: { id } }, options)
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
