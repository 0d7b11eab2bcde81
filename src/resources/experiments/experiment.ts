import type { ResponseOf } from '../requester.ts'

/** Path of all experiments. */
export const all = '/api/projects/{project_id}/experiments/'
/** Path of one experiment. */
export const one = '/api/projects/{project_id}/experiments/{id}/'

/** An experiment. */
export interface Experiment extends ResponseOf<`GET ${typeof one}`> {}

/** A metric of an experiment: mean, funnel, ratio or retention, by `metric_type`. */
export type ExperimentMetric = NonNullable<Experiment['metrics']>[number]
