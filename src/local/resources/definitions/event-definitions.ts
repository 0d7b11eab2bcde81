import { invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { requiredQuery } from '../../http/parameters.ts'
import type { Call, Route } from '../../http/route.ts'
import { currentUser } from '../../store/account.ts'
import { boolean, choice, integer, TAGS, text, texts } from '../../store/fields.ts'
import { findRecord, recordsOf } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, recordResponse, resourceRoutes } from '../../store/resource-routes.ts'
import { sessionOnlyRoute } from '../../store/session-routes.ts'
import {
  afterSync,
  EVENT_DEFINITIONS,
  type EventDefinition,
  newEventDefinition,
  readVerification,
  recordDeletion,
  syncEventDefinitions,
} from './definitions.ts'

const MONTH_MS = 30 * 86_400_000
const READ = 'event_definition:read'

const definitions: Resource<EventDefinition> = {
  kind: EVENT_DEFINITIONS,
  path: 'projects/:project/event_definitions',
  object: 'event_definition',
  fields: {
    name: text({ required: true }),
    description: text({ nullable: true, blank: true }),
    tags: TAGS,
    verified: boolean({ nullable: true }),
    hidden: boolean({ nullable: true }),
    owner: integer({ nullable: true }),
    default_columns: texts({ default: [] }),
    promoted_property: text({ nullable: true, blank: true }),
    enforcement_mode: choice(['allow', 'reject'], { default: 'allow' }),
  },
  systemFields: ['created_at', 'created_by', 'updated_at', 'last_updated_at'],
  deletion: 'hard',
  search: ['name'],
  filter: ({ url: { searchParams } }, found) => {
    const verified = searchParams.get('verified')
    const withoutHidden = searchParams.get('exclude_hidden') === 'true'
    return found
      .filter((definition) => verified === null || definition.verified === (verified === 'true'))
      .filter((definition) => !withoutHidden || !definition.hidden)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  },
  prepareCreate: (call, values) => {
    const name = String(values['name'])
    if (byName(call, name) !== undefined) {
      throw invalid('name', `Event definition with name '${name}' already exists`, 'unique')
    }
    const verification = readVerification(values, newEventDefinition(), call.state.now())
    return { last_seen_at: null, ...verification }
  },
  // Definitions cannot be renamed.
  prepareUpdate: ({ state }, before, values) => ({
    ...readVerification(values, before, state.now()),
    name: before.name,
  }),
  afterDelete: ({ state }, { name }) => recordDeletion(state, EVENT_DEFINITIONS.name, name),
  view: ({ state }, definition) => ({
    last_seen_at: definition.last_seen_at,
    verified_at: definition.verified_at,
    updated_by: currentUser(state),
    // The schema requires `verified_by` and the fields of actions for every definition.
    verified_by: currentUser(state),
    last_calculated_at: definition['updated_at'],
    is_action: false,
    is_calculating: false,
    action_id: 0,
    post_to_slack: false,
    media_preview_urls: [],
  }),
}

/** Event definitions, derived from the events in the table. Clients add descriptions and tags. */
export const eventDefinitionRoutes: readonly Route[] = afterSync(syncEventDefinitions, [
  actionRoute('GET', `${definitions.path}/by_name`, READ, getByName),
  sessionOnlyRoute('POST', `${definitions.path}/bulk_update_tags`),
  ...['golang', 'python', 'typescript'].map((language) =>
    actionRoute('GET', `${definitions.path}/${language}`, READ, () => refuseCode(language)),
  ),
  ...resourceRoutes(definitions),
  actionRoute('GET', `${definitions.path}/:id/metrics`, READ, getMetrics),
])

function byName(call: Call, name: string): EventDefinition | undefined {
  return recordsOf(definitions, call)
    .all()
    .find((definition) => definition.name === name)
}

function getByName(call: Call): Promise<Response> {
  const name = requiredQuery(call.url, 'name')
  const definition = byName(call, name)
  if (definition === undefined) throw notFound(`Event definition with name '${name}' not found`)
  return recordResponse(definitions, call, definition)
}

function refuseCode(language: string): never {
  throw invalid(null, `The local PostHog does not support code of event definitions in ${language}.`)
}

// Counts the queries in the log that name the event.
function getMetrics(call: Call): Response {
  const { name } = findRecord(definitions, call)
  const from = call.state.now().getTime() - MONTH_MS
  const uses = call.state.queryLog.entries.filter(
    ({ query, event_time }) => query.includes(`'${name}'`) && Date.parse(event_time) >= from,
  )
  return jsonResponse(200, { query_usage_30_days: uses.length })
}
