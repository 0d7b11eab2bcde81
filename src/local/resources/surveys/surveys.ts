import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import { listParameter } from '../../http/parameters.ts'
import type { Call } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { collectionOf, type JsonRecord, randomText, type StoredRecord } from '../../store/collection.ts'
import {
  boolean,
  choice,
  datetime,
  type Fields,
  integer,
  json,
  list,
  number,
  object,
  text,
} from '../../store/fields.ts'
import { INSIGHTS, SURVEYS } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { flagById } from '../feature-flags/flag-record.ts'
import { nestedFlagView } from '../feature-flags/flag-view.ts'
import { changeFlag, createFlag } from '../feature-flags/flags.ts'

const FIELDS: Fields = {
  name: text({ required: true, maxLength: 400 }),
  description: text({ blank: true, default: '' }),
  type: choice(['popover', 'widget', 'external_survey', 'api'], { required: true }),
  schedule: choice(['once', 'recurring', 'always'], { nullable: true, default: 'once' }),
  linked_flag_id: integer({ nullable: true }),
  linked_insight_id: integer({ nullable: true }),
  targeting_flag_id: integer({ writeOnly: true, nullable: true }),
  targeting_flag_filters: object({ writeOnly: true, nullable: true }),
  remove_targeting_flag: boolean({ writeOnly: true, nullable: true }),
  questions: list({ nullable: true }),
  conditions: object({ nullable: true }),
  appearance: json({ default: null }),
  start_date: datetime({ nullable: true }),
  end_date: datetime({ nullable: true }),
  archived: boolean({ default: false }),
  responses_limit: integer({ nullable: true }),
  iteration_count: integer({ nullable: true }),
  iteration_frequency_days: integer({ nullable: true }),
  iteration_start_dates: list({ nullable: true }),
  current_iteration: integer({ nullable: true }),
  current_iteration_start_date: datetime({ nullable: true }),
  response_sampling_start_date: datetime({ nullable: true }),
  response_sampling_interval_type: choice(['day', 'week', 'month'], { nullable: true, blank: true }),
  response_sampling_interval: integer({ nullable: true }),
  response_sampling_limit: number({ nullable: true }),
  response_sampling_daily_limits: json({ default: null }),
  enable_partial_responses: boolean({ nullable: true, default: true }),
  enable_iframe_embedding: boolean({ nullable: true, default: false }),
  base_language: text({ default: 'en', maxLength: 20 }),
  translations: json({ default: null }),
  form_content: json({ default: null }),
}

/** The surveys of the project. */
export const surveys: Resource = {
  kind: SURVEYS,
  path: 'projects/:project/surveys',
  object: 'survey',
  fields: FIELDS,
  systemFields: ['created_at', 'created_by', 'user_access_level'],
  deletion: 'hard',
  activity: 'Survey',
  search: ['name', 'description'],
  showsSearchMatch: true,
  filterBy: ['archived', 'type'],
  filter: filterSurveys,
  prepareCreate: async (call, values) => ({
    ...(await prepare(call, values)),
    internal_targeting_flag: await createInternalFlag(call, values),
    archived_responses: [],
  }),
  prepareUpdate: (call, before, values) => prepare(call, values, before),
  afterUpdate: (call, after) => {
    const active = after['start_date'] !== null && after['end_date'] === null && after['archived'] !== true
    return changeFlagById(call, after['internal_targeting_flag'], { active })
  },
  afterDelete: async (call, survey) => {
    for (const id of [survey['internal_targeting_flag'], survey['targeting_flag_id']]) {
      if (typeof id === 'number') await changeFlagById(call, id, { deleted: true })
    }
  },
  view: ({ state }, survey) => {
    const flag = (id: unknown): JsonRecord | null =>
      nestedFlagView(state, flagById(state, state.projectId, id))
    const linked = flag(survey['linked_flag_id'])
    const targeting = flag(survey['targeting_flag_id'])
    const internal = flag(survey['internal_targeting_flag'])
    return {
      linked_flag: linked,
      targeting_flag: targeting,
      internal_targeting_flag: internal,
      feature_flag_keys: [
        { key: 'linked_flag_key', value: linked?.['key'] ?? null },
        { key: 'targeting_flag_key', value: targeting?.['key'] ?? null },
        { key: 'internal_targeting_flag_key', value: internal?.['key'] ?? null },
      ],
    }
  },
}

const EVERYBODY: JsonRecord = { groups: [{ properties: [], rollout_percentage: 100, variant: null }] }

function filterSurveys(
  { url: { searchParams } }: Call,
  found: readonly StoredRecord[],
): readonly StoredRecord[] {
  const [status, author] = [searchParams.get('status'), searchParams.get('created_by')]
  const ids = searchParams.getAll('ids').flatMap(listParameter)
  return found
    .filter((survey) => !status || statusOf(survey) === status)
    .filter(() => !author || author === String(USER.id))
    .filter(({ id }) => ids.length === 0 || ids.includes(String(id)))
}

function statusOf({ start_date: start, end_date: end }: JsonRecord): 'draft' | 'running' | 'complete' {
  if (typeof start !== 'string') return 'draft'
  return typeof end === 'string' ? 'complete' : 'running'
}

async function prepare(call: Call, values: JsonRecord, before?: JsonRecord): Promise<JsonRecord> {
  const { state } = call
  for (const name of ['linked_flag_id', 'targeting_flag_id']) {
    const id = values[name]
    if (typeof id === 'number' && flagById(state, state.projectId, id) === undefined) {
      throw invalid(name, 'Feature Flag with this ID does not exist')
    }
  }
  const insight = values['linked_insight_id']
  if (typeof insight === 'number' && collectionOf(state, INSIGHTS).get(insight) === undefined) {
    throw invalid('linked_insight_id', 'Insight with this ID does not exist')
  }
  checkQuestions(values['questions'])
  if (values['remove_targeting_flag'] === true) return { targeting_flag_id: null }
  const filters = values['targeting_flag_filters']
  if (!isObject(filters)) return {}
  const known = before?.['targeting_flag_id']
  if (typeof known === 'number') {
    await changeFlagById(call, known, { filters })
    return { targeting_flag_id: known }
  }
  const body = { ...newFlag({ ...before, ...values }, filters), active: true }
  return { targeting_flag_id: (await createFlag(call, body)).id }
}

function checkQuestions(questions: unknown): void {
  for (const question of Array.isArray(questions) ? questions : []) {
    if (!isObject(question)) throw invalid('questions', 'Questions must be a list of objects')
    if (typeof question['question'] !== 'string' || question['question'] === '') {
      throw invalid('questions', 'Question text is required')
    }
  }
}

function newFlag(values: JsonRecord, filters: JsonRecord): JsonRecord {
  const name = `Targeting flag for survey ${String(values['name'])}`
  const active = values['start_date'] !== null && values['start_date'] !== undefined
  return { key: `survey-targeting-${randomText(10).toLowerCase()}`, name, active, filters }
}

/** Creates the flag that prevents showing a survey twice to the same person. */
export async function createInternalFlag(call: Call, values: JsonRecord): Promise<number> {
  return (await createFlag(call, newFlag(values, EVERYBODY))).id
}

async function changeFlagById(call: Call, id: unknown, changes: JsonRecord): Promise<void> {
  const { state } = call
  const flag = flagById(state, state.projectId, id)
  if (flag === undefined) throw new Error(`The feature flag ${String(id)} of the survey was deleted.`)
  await changeFlag(call, flag, changes)
}

/** Uuids of archived responses to a survey. */
export function archivedResponses(survey: StoredRecord): string[] {
  return survey['archived_responses'] as string[]
}
