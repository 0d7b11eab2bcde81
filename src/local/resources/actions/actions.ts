import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { listParameter } from '../../http/parameters.ts'
import type { Call, Route } from '../../http/route.ts'
import { currentUser, USER } from '../../store/account.ts'
import { bulkTagsRoute } from '../../store/bulk-tags.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import {
  boolean,
  DELETED,
  datetime,
  type Fields,
  list,
  normalizeTags,
  TAGS,
  text,
} from '../../store/fields.ts'
import { ACTIONS, EXPERIMENTS, INSIGHTS } from '../../store/kinds.ts'
import { findRecord } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'

const FIELDS: Fields = {
  name: text({ nullable: true, blank: true, maxLength: 400 }),
  description: text({ blank: true, default: '' }),
  post_to_slack: boolean({ default: false }),
  slack_message_format: text({ blank: true, default: '', maxLength: 1_200 }),
  steps: list({ default: [] }),
  deleted: DELETED,
  last_calculated_at: datetime(),
  pinned_at: datetime({ nullable: true }),
  tags: TAGS,
}

/** Members of a step. */
const STEP_MEMBERS = [
  'event',
  'properties',
  'selector',
  'selector_regex',
  'tag_name',
  'text',
  'text_matching',
  'href',
  'href_matching',
  'url',
  'url_matching',
]

const actions: Resource = {
  kind: ACTIONS,
  path: 'projects/:project/actions',
  object: 'action',
  fields: FIELDS,
  systemFields: ['created_at', 'created_by', 'team_id', 'user_access_level'],
  deletion: 'refused',
  activity: 'Action',
  search: ['name', 'description'],
  filter: filterActions,
  prepareCreate: (call, values) => {
    checkAction(call, values)
    return { last_calculated_at: call.state.now().toISOString() }
  },
  prepareUpdate: (call, before, values) => {
    checkAction(call, values, before)
    return {}
  },
  view: (_, action) => ({
    is_action: true,
    is_calculating: false,
    creation_context: null,
    bytecode_error: null,
    steps: (action['steps'] as JsonRecord[]).map(stepView),
  }),
}

/** Actions: named sets of events. */
export const actionRoutes: readonly Route[] = [
  bulkTagsRoute(actions),
  ...resourceRoutes(actions),
  actionRoute('GET', `${actions.path}/:id/references`, 'action:read', (call) =>
    jsonResponse(200, referencesTo(call, findRecord(actions, call))),
  ),
]

function filterActions(
  { url: { searchParams } }: Call,
  found: readonly StoredRecord[],
): readonly StoredRecord[] {
  const [author, tags, ordering] = ['created_by', 'tags', 'ordering'].map((name) => searchParams.get(name))
  const wanted = tags ? listParameter(tags) : []
  const matching = found
    .filter(() => !author || [String(USER.id), USER.uuid].includes(author))
    .filter(
      (action) => wanted.length === 0 || wanted.some((tag) => normalizeTags(action['tags']).includes(tag)),
    )
  if (!ordering) return matching
  const name = ordering.replace(/^-/, '')
  const direction = ordering.startsWith('-') ? -1 : 1
  const keyOf = (action: StoredRecord): string => String(action[name] ?? '')
  return [...matching].sort((a, b) => direction * (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0))
}

function checkAction({ state }: Call, values: JsonRecord, before?: StoredRecord): void {
  const { name } = values
  const duplicate = collectionOf(state, actions.kind)
    .all()
    .find((other) => other['name'] === name && other.id !== before?.id && other['deleted'] !== true)
  if (typeof name === 'string' && duplicate !== undefined) {
    throw invalid('name', `This project already has an action with this name, ID ${duplicate.id}`, 'unique')
  }
  const steps = Array.isArray(values['steps']) ? values['steps'] : []
  if (!steps.every(isObject)) throw invalid('steps', 'Expected a list of dictionaries.')
}

function stepView(step: JsonRecord): JsonRecord {
  return Object.fromEntries(STEP_MEMBERS.map((name) => [name, step[name] ?? null]))
}

function referencesTo({ state }: Call, action: StoredRecord): JsonRecord[] {
  const uses = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(uses)
    if (!isObject(value)) return false
    if (value['kind'] === 'ActionsNode' && Number(value['id']) === action.id) return true
    return Object.values(value).some(uses)
  }
  const reference = (type: string, record: StoredRecord, url: string): JsonRecord => ({
    type,
    id: String(record['short_id'] ?? record.id),
    name: String(record['name'] ?? ''),
    url: `/project/${state.projectId}/${url}`,
    created_at: record['created_at'],
    created_by: currentUser(state),
  })
  const exists = (record: StoredRecord): boolean => record['deleted'] !== true
  return [
    ...collectionOf(state, INSIGHTS)
      .all()
      .filter((insight) => exists(insight) && uses(insight['query']))
      .map((insight) => reference('insight', insight, `insights/${String(insight['short_id'])}`)),
    ...collectionOf(state, EXPERIMENTS)
      .all()
      .filter(
        (experiment) => exists(experiment) && uses([experiment['metrics'], experiment['metrics_secondary']]),
      )
      .map((experiment) => reference('experiment', experiment, `experiments/${experiment.id}`)),
  ]
}
