import { type CollectionContext, collectionOf } from '../../store/collection.ts'
import { EXPERIMENTS } from '../../store/kinds.ts'

/** The members of an experiment that its queries need. */
export interface ExperimentOfQuery {
  readonly flagKey: string
  /** ISO times; events outside do not count. */
  readonly start?: string | null | undefined
  readonly end?: string | null | undefined
}

/** Finds the experiment of a query. */
export function experimentOfQuery(
  state: CollectionContext,
  project: number,
  id: number,
): ExperimentOfQuery | undefined {
  const experiment = collectionOf(state, EXPERIMENTS, project).get(id)
  if (experiment === undefined) return undefined
  const { feature_flag_key, start_date, end_date } = experiment
  const time = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return { flagKey: String(feature_flag_key), start: time(start_date), end: time(end_date) }
}
