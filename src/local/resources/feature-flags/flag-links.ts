import {
  type CollectionContext,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'
import { EARLY_ACCESS_FEATURES, EXPERIMENTS, SURVEYS } from '../../store/kinds.ts'
import { type FlagRecord, flagById } from './flag-record.ts'

/** An experiment as embedded in a feature flag. */
export interface FlagExperiment {
  readonly id: number
  readonly name: string
  readonly is_running: boolean
}

/** The experiments on a flag. */
export function experimentsOn(state: CollectionContext, project: number, flag: FlagRecord): FlagExperiment[] {
  return collectionOf(state, EXPERIMENTS, project)
    .all()
    .filter((experiment) => experiment['flag'] === flag.id && experiment['deleted'] !== true)
    .map(({ id, name, start_date, end_date }) => ({
      id: Number(id),
      name: String(name),
      is_running: typeof start_date === 'string' && typeof end_date !== 'string',
    }))
}

/** The early access features of a flag, as embedded in it. */
export function featuresOn(state: CollectionContext, project: number, flag: FlagRecord): JsonRecord[] {
  return collectionOf(state, EARLY_ACCESS_FEATURES, project)
    .all()
    .filter((feature) => feature['feature_flag_id'] === flag.id)
    .map((feature) => ({
      id: feature.id,
      name: feature['name'],
      description: feature['description'],
      stage: feature['stage'],
      documentationUrl: feature['documentation_url'],
      flagKey: flag.key,
      payload: feature['payload'] ?? {},
    }))
}

/**
 * The surveys that a user linked to a flag, as embedded in it.
 *
 * @see PostHog/posthog products/surveys/backend/api/survey.py, SurveyAPISerializer
 */
export function surveysOn(state: CollectionContext, project: number, flag: FlagRecord): JsonRecord[] {
  const surveys = collectionOf(state, SURVEYS, project).all()
  return surveys.filter((survey) => survey['linked_flag_id'] === flag.id).map(surveyView(state, project))
}

const SURVEY_MEMBERS = [
  'name',
  'type',
  'questions',
  'conditions',
  'appearance',
  'start_date',
  'end_date',
  'current_iteration',
  'current_iteration_start_date',
  'schedule',
  'enable_partial_responses',
]

// The key of a flag that a survey does not have is omitted.
const surveyView =
  (state: CollectionContext, project: number) =>
  (survey: StoredRecord): JsonRecord => {
    const keyOf = (name: string, id: unknown): JsonRecord => {
      const flag = flagById(state, project, id)
      return flag === undefined ? {} : { [name]: flag.key }
    }
    return {
      id: survey.id,
      ...Object.fromEntries(SURVEY_MEMBERS.map((name) => [name, survey[name] ?? null])),
      ...keyOf('linked_flag_key', survey['linked_flag_id']),
      ...keyOf('targeting_flag_key', survey['targeting_flag_id']),
      ...keyOf('internal_targeting_flag_key', survey['internal_targeting_flag']),
    }
  }

/**
 * Ids of the flags that surveys created for themselves. PostHog hides them from lists and from bulk deletes.
 *
 * @see PostHog/posthog products/surveys/backend/models.py, Survey.get_internal_flag_ids
 */
export function internalFlagIds(state: CollectionContext, project: number): ReadonlySet<unknown> {
  return new Set(
    collectionOf(state, SURVEYS, project)
      .all()
      .flatMap((survey) => [survey['targeting_flag_id'], survey['internal_targeting_flag']]),
  )
}
