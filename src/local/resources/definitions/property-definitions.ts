import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import { listParameter, requiredQuery } from '../../http/parameters.ts'
import type { Call, Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { currentUser } from '../../store/account.ts'
import { boolean, choice, TAGS, text } from '../../store/fields.ts'
import { listRecords, recordView } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'
import { sessionOnlyRoute } from '../../store/session-routes.ts'
import {
  afterSync,
  PROPERTY_DEFINITIONS,
  type PropertyDefinition,
  readVerification,
  recordDeletion,
} from './definitions.ts'
import { syncPropertyDefinitions } from './property-types.ts'

const TYPES = ['DateTime', 'String', 'Numeric', 'Boolean', 'Duration', '', null]
const READ = 'property_definition:read'

const definitions: Resource<PropertyDefinition> = {
  kind: PROPERTY_DEFINITIONS,
  path: 'projects/:project/property_definitions',
  object: 'property_definition',
  fields: {
    name: text({ required: true }),
    description: text({ nullable: true, blank: true }),
    tags: TAGS,
    verified: boolean({ nullable: true }),
    hidden: boolean({ nullable: true }),
    property_type: choice(TYPES),
  },
  systemFields: ['updated_at'],
  operations: ['get', 'update', 'delete'],
  deletion: 'hard',
  filter: ({ url }, found) =>
    found
      .filter((definition) => matches(definition, url.searchParams))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  // Definitions cannot be renamed.
  prepareUpdate: ({ state }, before, values) => ({
    ...readVerification(values, before, state.now()),
    name: before.name,
  }),
  afterDelete: ({ state }, { of, name }) => recordDeletion(state, `${of}_property`, name),
  view: ({ state }, definition) => ({
    verified_at: definition.verified_at,
    is_numerical: definition.property_type === 'Numeric',
    is_seen_on_filtered_events: null,
    updated_by: currentUser(state),
    // The schema requires `verified_by` for every definition.
    verified_by: currentUser(state),
  }),
}

/** Property definitions, derived from the properties in the tables. Clients add descriptions and tags. */
export const propertyDefinitionRoutes: readonly Route[] = afterSync(syncPropertyDefinitions, [
  actionRoute('GET', definitions.path, READ, listDefinitions),
  sessionOnlyRoute('POST', `${definitions.path}/bulk_update_tags`),
  actionRoute('GET', `${definitions.path}/seen_together`, READ, seenTogether),
  ...resourceRoutes(definitions),
])

async function listDefinitions(call: Call): Promise<Response> {
  const { state, url } = call
  checkType(url.searchParams)
  const eventNames = url.searchParams.get('event_names') ?? ''
  const seen = eventNames === '' ? undefined : await propertiesOf(state, listParameter(eventNames))
  const onlySeen = isTrue(url.searchParams.get('filter_by_event_names'))
  const found = listRecords(definitions, call).filter(
    ({ name }) => seen === undefined || !onlySeen || seen.has(name),
  )
  const page = offsetPage(found, url, state.pageSize)
  const results = page.results.map(async (definition) => ({
    ...(await recordView(definitions, call, definition, true)),
    is_seen_on_filtered_events: seen?.has(definition.name) ?? null,
  }))
  return jsonResponse(200, { ...page, results: await Promise.all(results) })
}

// Rules of PostHog/posthog posthog/api/property_definition.py.
function checkType(query: URLSearchParams): void {
  const isGroup = query.get('type') === 'group'
  const index = query.get('group_type_index')
  if (isGroup && index === null) throw invalid(null, '`group_type_index` must be set for `group` type')
  if (!isGroup && index !== null) throw invalid(null, '`group_type_index` can only set for `group` type')
  if (index !== null && !/^[0-4]$/.test(index)) throw invalid(null, 'Invalid value for `group_type_index`')
}

function matches(
  { of, name, verified, hidden, property_type, group_type_index }: PropertyDefinition,
  query: URLSearchParams,
): boolean {
  const search = query.get('search')?.toLowerCase() ?? ''
  const names = query.get('properties') ?? ''
  const excluded = query.get('excluded_properties')
  const matchesFlag = (parameter: string, value: boolean): boolean =>
    query.get(parameter) === null || isTrue(query.get(parameter)) === value
  return (
    of === (query.get('type') ?? 'event') &&
    (of !== 'group' || group_type_index === Number(query.get('group_type_index'))) &&
    search.split(' ').every((word) => name.toLowerCase().includes(word)) &&
    (names === '' || names.split(',').includes(name)) &&
    matchesFlag('is_numerical', property_type === 'Numeric') &&
    matchesFlag('verified', verified) &&
    matchesFlag('is_feature_flag', name.startsWith('$feature/')) &&
    (excluded === null || !listParameter(excluded).includes(name)) &&
    !(isTrue(query.get('exclude_hidden')) && hidden) &&
    !(isTrue(query.get('exclude_core_properties')) && name.startsWith('$'))
  )
}

function isTrue(parameter: string | null): boolean {
  return parameter === 'true' || parameter === '1'
}

async function propertiesOf(state: ServerState, events: readonly string[]): Promise<Set<string>> {
  if (!state.engine.available) return new Set()
  const { rows } = await state.engine.query(
    `SELECT DISTINCT arrayJoin(JSONExtractKeys(properties)) FROM ${state.engine.database}.events
     WHERE has(JSONExtract({events:String}, 'Array(String)'), event)`,
    // JSON: the engine rejects quotes in `Array` parameters.
    { events: JSON.stringify(events) },
  )
  return new Set(rows.map(([name]) => String(name)))
}

/** Reports for each requested event whether it has a property. */
async function seenTogether({ state, url }: Call): Promise<Response> {
  const property = requiredQuery(url, 'property_name')
  requiredQuery(url, 'event_names')
  const names = url.searchParams.getAll('event_names').flatMap(listParameter)
  const found = names.map(async (name) => [name, (await propertiesOf(state, [name])).has(property)] as const)
  return jsonResponse(200, Object.fromEntries(await Promise.all(found)))
}
