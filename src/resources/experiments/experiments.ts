import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { type ActCall, type ActWithCall, actCall, actWithCall } from '../calls.ts'
import { requireId } from '../check-arguments.ts'
import type { CallOptions } from '../requester.ts'
import type { AnswerOf, FiltersOf } from '../routes.ts'
import { type Collection, collection, type Resource, type SoftDeletes, softDeletes } from '../verbs.ts'
import type { ExperimentResult } from './experiment-results.ts'
import { experimentResults } from './experiment-results.ts'

const all = '/api/projects/{project_id}/experiments/'
const one = '/api/projects/{project_id}/experiments/{id}/'

/** A test of variants of something. */
export type Experiment = AnswerOf<`GET ${typeof one}`>

/** Tests of variants, each over a feature flag. */
export interface Experiments extends Collection<typeof all, typeof one>, SoftDeletes<`PATCH ${typeof one}`> {
  /** Starts a draft. */
  launch: ActCall<`POST ${typeof one}launch/`>
  /**
   * Ends an experiment, with a conclusion.
   *
   * @example await posthog.experiments.end(7, { conclusion: 'won' })
   */
  end: ActWithCall<`POST ${typeof one}end/`>
  /** Shows no variant for a while. */
  pause: ActCall<`POST ${typeof one}pause/`>
  /** Goes on after a pause. */
  resume: ActCall<`POST ${typeof one}resume/`>
  /** Makes a draft of an experiment again. */
  reset: ActCall<`POST ${typeof one}reset/`>
  /** Puts an ended experiment away. */
  archive: ActCall<`POST ${typeof one}archive/`>
  /** Brings it back. */
  unarchive: ActCall<`POST ${typeof one}unarchive/`>
  /** Gives one variant to everybody. */
  shipVariant: ActWithCall<`POST ${typeof one}ship_variant/`>
  /** Makes a draft of the same kind. */
  duplicate: ActWithCall<`POST ${typeof one}duplicate/`>
  /**
   * Makes a draft of the same kind in another project.
   *
   * @example await posthog.experiments.copyToProject(7, { target_team_id: 456 })
   */
  copyToProject: ActWithCall<`POST ${typeof one}copy_to_project/`>
  /** Makes a cohort of everybody who saw a variant. */
  createExposureCohort: ActCall<`POST ${typeof one}create_exposure_cohort_for_experiment/`>
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
    metric: FiltersOf<`GET ${typeof one}timeseries_results/`>,
    options?: CallOptions,
  ): APIPromise<AnswerOf<`GET ${typeof one}timeseries_results/`>>
}

/** Binds experiments to a client. */
export const createExperiments: Resource<Experiments> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  launch: actCall(api, `POST ${one}launch/`),
  end: actWithCall(api, `POST ${one}end/`),
  pause: actCall(api, `POST ${one}pause/`),
  resume: actCall(api, `POST ${one}resume/`),
  reset: actCall(api, `POST ${one}reset/`),
  archive: actCall(api, `POST ${one}archive/`),
  unarchive: actCall(api, `POST ${one}unarchive/`),
  shipVariant: actWithCall(api, `POST ${one}ship_variant/`),
  duplicate: actWithCall(api, `POST ${one}duplicate/`),
  copyToProject: actWithCall(api, `POST ${one}copy_to_project/`),
  createExposureCohort: actCall(api, `POST ${one}create_exposure_cohort_for_experiment/`),
  results: async (id, options) => {
    requireId('id', id)
    return experimentResults(api, id, options)
  },
  timeseries: (id, query, options) => {
    return api.request(`GET ${one}timeseries_results/`, { path: { id }, query }, options)
  },
})
