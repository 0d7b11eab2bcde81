import { invalid } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { collectionOf, type JsonRecord, randomText, type StoredRecord } from '../../store/collection.ts'
import { INSIGHTS } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { flagStore, type NewFlag } from '../feature-flags/flag-store.ts'
import { SURVEY_FIELDS } from './survey-fields.ts'

/** The project's surveys. */
export const surveys: Resource = {
  kind: { name: 'surveys', ids: 'uuid' },
  path: 'projects/:project/surveys',
  object: 'survey',
  fields: SURVEY_FIELDS,
  systemFields: ['created_at', 'created_by', 'user_access_level'],
  deletion: 'hard',
  activity: 'Survey',
  search: ['name', 'description'],
  filter: ({ url }, records) => {
    const archived = url.searchParams.get('archived')
    return archived === null ? records : records.filter((survey) => String(survey['archived']) === archived)
  },
  prepareCreate: (call, values) => ({
    ...checked(call, values),
    internal_targeting_flag: internalFlag(call, values),
    archived_responses: [],
  }),
  prepareUpdate: checked,
  afterUpdate: ({ world }, after) => {
    const active = after['start_date'] !== null && after['end_date'] === null && after['archived'] !== true
    flagStore(world).change(Number(after['internal_targeting_flag']), { active })
  },
  afterDelete: ({ world }, survey) => {
    for (const flag of [survey['internal_targeting_flag'], survey['targeting_flag_id']]) {
      if (typeof flag === 'number') flagStore(world).change(flag, { deleted: true })
    }
  },
  view: ({ world }, survey) => {
    const flag = (id: unknown): JsonRecord | null => flagStore(world).get(id) ?? null
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

function checked(call: Call, ...rest: readonly JsonRecord[]): JsonRecord {
  const values = rest.at(-1) ?? {}
  const before = rest.length > 1 ? rest[0] : undefined
  const flags = flagStore(call.world)
  for (const name of ['linked_flag_id', 'targeting_flag_id']) {
    const id = values[name]
    if (typeof id === 'number' && flags.get(id) === undefined) {
      throw invalid(name, 'Feature Flag with this ID does not exist')
    }
  }
  const insight = values['linked_insight_id']
  if (typeof insight === 'number' && collectionOf(call.world, INSIGHTS).get(insight) === undefined) {
    throw invalid('linked_insight_id', 'Insight with this ID does not exist')
  }
  checkQuestions(values['questions'])
  if (values['remove_targeting_flag'] === true) return { targeting_flag_id: null }
  const filters = values['targeting_flag_filters']
  if (!isObject(filters)) return {}
  const known = before?.['targeting_flag_id']
  if (typeof known === 'number') return { targeting_flag_id: flags.change(known, { filters }).id }
  const named = { ...before, ...values }
  return {
    targeting_flag_id: flags.create({ ...flagOf(named, 'survey-targeting', filters), active: true }).id,
  }
}

function checkQuestions(questions: unknown): void {
  for (const question of Array.isArray(questions) ? questions : []) {
    if (!isObject(question)) throw invalid('questions', 'Questions must be a list of objects')
    if (typeof question['question'] !== 'string' || question['question'] === '') {
      throw invalid('questions', 'Question text is required')
    }
  }
}

function flagOf(values: JsonRecord, prefix: string, filters: JsonRecord): NewFlag {
  const name = `Targeting flag for survey ${String(values['name'])}`
  const active = values['start_date'] !== null && values['start_date'] !== undefined
  return { key: `${prefix}-${randomText(10).toLowerCase()}`, name, active, filters }
}

/** Makes the flag by which a survey is shown to nobody twice. */
export function internalFlag({ world }: Call, values: JsonRecord): number {
  return flagStore(world).create(flagOf(values, 'survey-targeting', EVERYBODY)).id
}

/** Uuids of the answers to a survey that were put away. */
export function archivedResponses(survey: StoredRecord): string[] {
  return survey['archived_responses'] as string[]
}
