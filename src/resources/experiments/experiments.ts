import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { activity, type HasActivity, type HasTags, tags } from '../capabilities.ts'
import { requireId } from '../check-arguments.ts'
import { type BodyMethod, type IdBodyMethod, type IdMethod, method } from '../methods.ts'
import type { CallOptions, QueryOf, ResponseOf } from '../requester.ts'
import type { Revertible } from '../revert.ts'
import { type Collection, collection, type Resource, type SoftDeletable, softDeletes } from '../verbs.ts'
import { type EnsuredExperiment, type ExperimentDefinition, ensureExperiment } from './ensure-experiment.ts'
import { all, type Experiment, one } from './experiment.ts'
import { type ExperimentResult, experimentResults } from './experiment-results.ts'

const recalculations = '/api/projects/{project_id}/experiments/{id}/metrics_recalculation/'

/** A recalculation of the metrics of an experiment, with the results so far. */
export interface ExperimentRecalculation extends ResponseOf<`GET ${typeof recalculations}latest/`> {}

/** Experiments. Each tests the variants of a feature flag. */
export interface Experiments
  extends Collection<typeof all, typeof one>,
    SoftDeletable<`PATCH ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`>,
    HasTags<`POST ${typeof all}bulk_update_tags/`> {
  /**
   * Creates an experiment on a feature flag, or updates the fields that differ if one exists. Archived experiments
   * count, deleted ones do not. PostHog allows several experiments on a flag, so concurrent calls may create two. `revert`
   * of the result restores the fields, or deletes the experiment that was created; its flag stays.
   *
   * @param key key of the feature flag
   * @throws ConfigurationError if several experiments use the flag, if the flag differs, or for an unknown field
   * @example
   * const { created } = await posthog.experiments.ensure('new-checkout', { name: 'Checkout', description: 'One page' })
   */
  ensure(
    key: string,
    definition: ExperimentDefinition,
    options?: CallOptions,
  ): Promise<EnsuredExperiment & Revertible<Experiment>>
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
  /**
   * Stops enrollment in a running experiment. Its metrics continue.
   *
   * PostHog saves the exposed persons in a static cohort and restricts every condition group of the flag to it.
   *
   * @throws BadRequestError if the experiment is not running or nobody was exposed, or for a holdout or a group flag
   * @example const { status } = await posthog.experiments.freezeExposure(7) // 'exposure_frozen'
   */
  freezeExposure: IdMethod<`POST ${typeof one}freeze_exposure/`>
  /**
   * Reopens enrollment in an experiment with frozen exposure, and deletes the cohort of the freeze.
   *
   * @throws BadRequestError if the exposure is not frozen
   * @example await posthog.experiments.unfreezeExposure(7)
   */
  unfreezeExposure: IdMethod<`POST ${typeof one}unfreeze_exposure/`>
  /** Resets an experiment to a draft. */
  reset: IdMethod<`POST ${typeof one}reset/`>
  /** Archives an ended experiment. */
  archive: IdMethod<`POST ${typeof one}archive/`>
  /** Restores an archived experiment. */
  unarchive: IdMethod<`POST ${typeof one}unarchive/`>
  /**
   * Serves one variant to everyone who matches the flag, and ends a running experiment. `release_to_everyone` serves it
   * to all other users too.
   *
   * @throws BadRequestError for a draft and for an unknown variant
   * @example await posthog.experiments.shipVariant(7, { variant_key: 'test', conclusion: 'won' })
   */
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
  /**
   * Starts a recalculation of all metrics in the background. Returns the active one (`is_existing`) if there is one.
   * It has no results yet: read them with `recalculation`.
   *
   * @throws BadRequestError if the experiment has not started
   * @example
   * const { id } = await posthog.experiments.recalculateMetrics(7)
   * const { status, results } = await posthog.experiments.recalculation(7, id)
   */
  recalculateMetrics: IdMethod<`POST ${typeof recalculations}`>
  /**
   * Reads a recalculation: its status and the results so far.
   *
   * @throws NotFoundError if the experiment has no such recalculation
   */
  recalculation(
    id: number,
    recalculationId: string,
    options?: CallOptions,
  ): APIPromise<ExperimentRecalculation>
  /**
   * Reads the latest finished recalculation. Without one, PostHog returns daily results of the last 24 hours
   * (`result_source: 'timeseries_fallback'`).
   *
   * @throws NotFoundError if there are neither
   */
  latestRecalculation: IdMethod<`GET ${typeof recalculations}latest/`>
  /**
   * Estimates the sample size and the running time of an experiment. Reads and changes no experiment.
   *
   * `minimum_detectable_effect` is a percentage; `recommended_running_time_days` needs `exposure_rate_per_day`.
   *
   * @throws BadRequestError without `baseline_value` and `baseline_stats`
   * @example
   * const { recommended_sample_size } = await posthog.experiments.runningTime({
   *   metric_type: 'funnel', baseline_value: 0.1, minimum_detectable_effect: 20,
   * })
   */
  runningTime: BodyMethod<`POST ${typeof all}calculate_running_time/`>
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
  ...activity(api, `GET ${one}activity/`),
  ...tags(api, `POST ${all}bulk_update_tags/`),
  ensure: async (key, definition, options) => ensureExperiment(api, key, definition, options),
  launch: method(api, `POST ${one}launch/`, 'id'),
  end: method(api, `POST ${one}end/`, 'id, body'),
  pause: method(api, `POST ${one}pause/`, 'id'),
  resume: method(api, `POST ${one}resume/`, 'id'),
  freezeExposure: method(api, `POST ${one}freeze_exposure/`, 'id'),
  unfreezeExposure: method(api, `POST ${one}unfreeze_exposure/`, 'id'),
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
  recalculateMetrics: method(api, `POST ${recalculations}`, 'id'),
  recalculation: (id, recalculation_id, options) => {
    return api.request(
      `GET ${recalculations}{recalculation_id}/`,
      { path: { id, recalculation_id } },
      options,
    )
  },
  latestRecalculation: method(api, `GET ${recalculations}latest/`, 'id'),
  runningTime: method(api, `POST ${all}calculate_running_time/`, 'body'),
  timeseries: (id, query, options) => {
    return api.request(`GET ${one}timeseries_results/`, { path: { id }, query }, options)
  },
})
