import { invalid } from '../../http/api-error.ts'
import { isObject, jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { currentUser } from '../../store/account.ts'
import { bulkTagsRoute } from '../../store/bulk-tags.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { boolean, DELETED, datetime, type Fields, list, TAGS, text } from '../../store/fields.ts'
import { EXPERIMENTS, INSIGHTS } from '../../store/kinds.ts'
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

const STEP = [
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
  kind: { name: 'actions', ids: 'integer' },
  path: 'projects/:project/actions',
  object: 'action',
  fields: FIELDS,
  systemFields: ['created_at', 'created_by', 'team_id', 'user_access_level'],
  deletion: 'refused',
  activity: 'Action',
  search: ['name', 'description'],
  prepareCreate: (call, values) => ({
    last_calculated_at: call.world.now().toISOString(),
    ...checked(call, values),
  }),
  prepareUpdate: (call, before, values) => checked(call, values, before),
  view: (_, action) => ({
    is_action: true,
    is_calculating: false,
    creation_context: null,
    bytecode_error: null,
    steps: (action['steps'] as JsonRecord[]).map(wholeStep),
  }),
}

/** Actions: events that belong together under one name. */
export const actionRoutes: readonly Route[] = [
  bulkTagsRoute(actions),
  ...resourceRoutes(actions),
  actionRoute('GET', `${actions.path}/:id/references`, 'action:read', (call) =>
    jsonResponse(200, referencesTo(call, findRecord(actions, call))),
  ),
]

function checked({ world }: Call, values: JsonRecord, before?: StoredRecord): JsonRecord {
  const { name } = values
  const same = collectionOf(world, actions.kind)
    .all()
    .find((other) => other['name'] === name && other.id !== before?.id && other['deleted'] !== true)
  if (typeof name === 'string' && same !== undefined) {
    throw invalid('name', `This project already has an action with this name, ID ${same.id}`, 'unique')
  }
  const steps = Array.isArray(values['steps']) ? values['steps'] : []
  if (!steps.every(isObject)) throw invalid('steps', 'Expected a list of dictionaries.')
  return {}
}

function wholeStep(step: JsonRecord): JsonRecord {
  return Object.fromEntries(STEP.map((name) => [name, step[name] ?? null]))
}

function referencesTo({ world }: Call, action: StoredRecord): JsonRecord[] {
  const uses = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(uses)
    if (!isObject(value)) return false
    if (value['kind'] === 'ActionsNode' && Number(value['id']) === action.id) return true
    return Object.values(value).some(uses)
  }
  const reference = (type: string, thing: StoredRecord, url: string): JsonRecord => ({
    type,
    id: String(thing['short_id'] ?? thing.id),
    name: String(thing['name'] ?? ''),
    url: `/project/${world.projectId}/${url}`,
    created_at: thing['created_at'],
    created_by: currentUser(world),
  })
  const live = (thing: StoredRecord): boolean => thing['deleted'] !== true
  return [
    ...collectionOf(world, INSIGHTS)
      .all()
      .filter((insight) => live(insight) && uses(insight['query']))
      .map((insight) => reference('insight', insight, `insights/${String(insight['short_id'])}`)),
    ...collectionOf(world, EXPERIMENTS)
      .all()
      .filter(
        (experiment) => live(experiment) && uses([experiment['metrics'], experiment['metrics_secondary']]),
      )
      .map((experiment) => reference('experiment', experiment, `experiments/${experiment.id}`)),
  ]
}
