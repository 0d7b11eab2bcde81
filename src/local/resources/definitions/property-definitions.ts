import { invalid, notFound } from '../../http/api-error.ts'
import { changeFields, requiredQuery } from '../../http/fields.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { currentUser } from '../../store/account.ts'
import { listLiteral } from '../persons/person-table.ts'
import type { PropertyDefinition } from './definition-record.ts'
import { forget, propertyLabel, syncPropertyDefinitions } from './definition-sync.ts'
import { tagDefinitions } from './definition-tags.ts'
import { applyNotes } from './read-notes.ts'

const TYPES = ['DateTime', 'String', 'Numeric', 'Boolean', 'Duration', '', null]
const TRUE = ['true', '1']

function propertyView(
  world: ServerState,
  { of: _of, ...definition }: PropertyDefinition,
  seen: boolean | null = null,
): Record<string, unknown> {
  const user = currentUser(world)
  return {
    ...definition,
    is_numerical: definition.property_type === 'Numeric',
    is_seen_on_filtered_events: seen,
    updated_by: user,
    // The schema wants a user who verified it of every definition.
    verified_by: user,
  }
}

/** GET the list of one kind of property, by name. */
export async function listPropertyDefinitions({ world, url }: Call): Promise<Response> {
  const { searchParams: query } = url
  const of = query.get('type') ?? 'event'
  const seen = await seenOn(world, query.get('event_names'))
  const definitions = (await syncPropertyDefinitions(world))
    .filter((definition) => definition.of === of)
    .filter((definition) => isAskedFor(definition, query))
    .filter(
      ({ name }) =>
        seen === undefined || seen.has(name) || !TRUE.includes(query.get('filter_by_event_names') ?? ''),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  await world.persist()
  const page = offsetPage(definitions, url, world.pageSize)
  return jsonResponse(200, {
    ...page,
    results: page.results.map((one) => propertyView(world, one, seen?.has(one.name) ?? null)),
  })
}

function isAskedFor(definition: PropertyDefinition, query: URLSearchParams): boolean {
  const { name } = definition
  const search = query.get('search')?.toLowerCase() ?? ''
  const names = query.get('properties')
  const numerical = query.get('is_numerical')
  const verified = query.get('verified')
  const excluded = query.get('excluded_properties')
  const isFlag = query.get('is_feature_flag')
  return (
    search.split(' ').every((word) => name.toLowerCase().includes(word)) &&
    (names === null || names === '' || names.split(',').includes(name)) &&
    (numerical === null || TRUE.includes(numerical) === (definition.property_type === 'Numeric')) &&
    (verified === null || TRUE.includes(verified) === definition.verified) &&
    (excluded === null || !namesIn(excluded).includes(name)) &&
    (isFlag === null || TRUE.includes(isFlag) === name.startsWith('$feature/')) &&
    !(TRUE.includes(query.get('exclude_hidden') ?? '') && definition.hidden) &&
    !(TRUE.includes(query.get('exclude_core_properties') ?? '') && name.startsWith('$'))
  )
}

function namesIn(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.map(String) : [String(value)]
  } catch {
    return text.split(',')
  }
}

async function seenOn(world: ServerState, eventNames: string | null): Promise<Set<string> | undefined> {
  if (eventNames === null || eventNames === '') return undefined
  return propertiesOf(world, namesIn(eventNames))
}

async function propertiesOf(world: ServerState, events: readonly string[]): Promise<Set<string>> {
  if (!world.engine.available) return new Set()
  const { rows } = await world.engine.query(
    `SELECT DISTINCT arrayJoin(JSONExtractKeys(properties)) FROM ${world.engine.database}.events
     WHERE event IN {events:Array(String)}`,
    { events: listLiteral(events) },
  )
  return new Set(rows.map(([name]) => String(name)))
}

/** GET which of some events came with a property. */
export async function seenTogether({ world, url }: Call): Promise<Response> {
  const property = requiredQuery(url, 'property_name')
  requiredQuery(url, 'event_names')
  const names = url.searchParams.getAll('event_names').flatMap(namesIn)
  const found = new Map<string, boolean>()
  for (const name of names) found.set(name, (await propertiesOf(world, [name])).has(property))
  return jsonResponse(200, Object.fromEntries(found))
}

async function definitionInPath({ world, params }: Call): Promise<PropertyDefinition> {
  const definitions = await syncPropertyDefinitions(world)
  const definition = definitions.find((candidate) => candidate.id === params['id'])
  if (definition === undefined) throw notFound()
  return definition
}

/** GET one by its id. */
export async function getPropertyDefinition(call: Call): Promise<Response> {
  return jsonResponse(200, propertyView(call.world, await definitionInPath(call)))
}

/** PATCH and PUT what is said of one; its name stays. */
export async function patchPropertyDefinition(call: Call): Promise<Response> {
  const definition = await definitionInPath(call)
  const fields = changeFields(call, 'name')
  const type = fields['property_type']
  if (type !== undefined && !TYPES.some((candidate) => candidate === type)) {
    throw invalid('property_type', `"${String(type)}" is not a valid choice.`, 'invalid_choice')
  }
  applyNotes(definition, fields, call.world.now())
  if (type !== undefined) definition.property_type = type === null ? null : String(type)
  await call.world.persist()
  return jsonResponse(200, propertyView(call.world, definition))
}

/** DELETE: it comes back with the next event or person that has it. */
export async function deletePropertyDefinition(call: Call): Promise<Response> {
  const definition = await definitionInPath(call)
  const { propertyDefinitions } = call.world.data.stores
  propertyDefinitions.splice(propertyDefinitions.indexOf(definition), 1)
  forget(call.world, propertyLabel(definition.of, definition.name))
  await call.world.persist()
  return new Response(null, { status: 204 })
}

/** POST tags in bulk. */
export function bulkPropertyTags(call: Call): Promise<Response> {
  return tagDefinitions(call, () => syncPropertyDefinitions(call.world))
}
