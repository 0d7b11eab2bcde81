import { invalid, notFound } from '../../http/api-error.ts'
import { changeFields, fieldsOf, requiredQuery, requiredText, textList } from '../../http/fields.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { currentUser } from '../../store/account.ts'
import type { EventDefinition } from './definition-record.ts'
import { forget, newEventDefinition, syncEventDefinitions } from './definition-sync.ts'
import { tagDefinitions } from './definition-tags.ts'
import { applyNotes } from './read-notes.ts'

const MONTH_MS = 30 * 86_400_000

function eventView(world: ServerState, definition: EventDefinition): Record<string, unknown> {
  const user = currentUser(world)
  return {
    ...definition,
    created_by: user,
    updated_by: user,
    // The schema wants the fields of actions, and a user who verified it, of every definition.
    verified_by: user,
    last_updated_at: definition.updated_at,
    last_calculated_at: definition.updated_at,
    is_action: false,
    is_calculating: false,
    action_id: 0,
    post_to_slack: false,
    media_preview_urls: [],
  }
}

/** GET the list, by name. */
export async function listEventDefinitions({ world, url }: Call): Promise<Response> {
  const { searchParams: query } = url
  const search = query.get('search')?.toLowerCase() ?? ''
  const verified = query.get('verified')
  const definitions = (await syncEventDefinitions(world))
    .filter((definition) => definition.name.toLowerCase().includes(search))
    .filter((definition) => verified === null || definition.verified === (verified === 'true'))
    .filter((definition) => query.get('exclude_hidden') !== 'true' || !definition.hidden)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  await world.persist()
  const page = offsetPage(definitions, url, world.pageSize)
  return jsonResponse(200, { ...page, results: page.results.map((one) => eventView(world, one)) })
}

async function definitionInPath({ world, params }: Call): Promise<EventDefinition> {
  const definitions = await syncEventDefinitions(world)
  const definition = definitions.find((candidate) => candidate.id === params['id'])
  if (definition === undefined) throw notFound()
  return definition
}

/** GET one by its id. */
export async function getEventDefinition(call: Call): Promise<Response> {
  return jsonResponse(200, eventView(call.world, await definitionInPath(call)))
}

/** GET one by its name. */
export async function eventDefinitionByName({ world, url }: Call): Promise<Response> {
  const name = requiredQuery(url, 'name')
  const definition = (await syncEventDefinitions(world)).find((candidate) => candidate.name === name)
  if (definition === undefined) throw notFound(`Event definition with name '${name}' not found`)
  return jsonResponse(200, eventView(world, definition))
}

/** POST the definition of an event that may not have come yet. */
export async function postEventDefinition({ world, body }: Call): Promise<Response> {
  const fields = fieldsOf(body)
  const name = requiredText(fields, 'name')
  if ((await syncEventDefinitions(world)).some((definition) => definition.name === name)) {
    throw invalid('name', `Event definition with name '${name}' already exists`, 'unique')
  }
  const definition = newEventDefinition(name, world.now().toISOString(), null)
  apply(world, definition, fields)
  world.data.stores.eventDefinitions.push(definition)
  await world.persist()
  return jsonResponse(201, eventView(world, definition))
}

/** PATCH and PUT what is said of one; its name stays. */
export async function patchEventDefinition(call: Call): Promise<Response> {
  const definition = await definitionInPath(call)
  apply(call.world, definition, changeFields(call, 'name'))
  await call.world.persist()
  return jsonResponse(200, eventView(call.world, definition))
}

function apply(
  world: ServerState,
  definition: EventDefinition,
  fields: Readonly<Record<string, unknown>>,
): void {
  const { owner, promoted_property: promoted, enforcement_mode: mode } = fields
  if (mode !== undefined && mode !== 'allow' && mode !== 'reject') {
    throw invalid('enforcement_mode', `"${String(mode)}" is not a valid choice.`, 'invalid_choice')
  }
  applyNotes(definition, fields, world.now())
  const columns = textList(fields, 'default_columns')
  if (columns !== undefined) definition.default_columns = columns
  if (owner === null || typeof owner === 'number') definition.owner = owner
  if (promoted === null || typeof promoted === 'string') definition.promoted_property = promoted
  if (mode !== undefined) definition.enforcement_mode = String(mode)
}

/** DELETE: it comes back with the next event of its name. */
export async function deleteEventDefinition(call: Call): Promise<Response> {
  const definition = await definitionInPath(call)
  const { eventDefinitions } = call.world.data.stores
  eventDefinitions.splice(eventDefinitions.indexOf(definition), 1)
  forget(call.world, `event ${definition.name}`)
  await call.world.persist()
  return new Response(null, { status: 204 })
}

/** GET how often queries of the last month asked for it: those of the log that name it. */
export async function eventDefinitionMetrics(call: Call): Promise<Response> {
  const { name } = await definitionInPath(call)
  const from = call.world.now().getTime() - MONTH_MS
  const asked = call.world.queryLog.entries.filter(
    ({ query, event_time }) => query.includes(`'${name}'`) && Date.parse(event_time) >= from,
  )
  return jsonResponse(200, { query_usage_30_days: asked.length })
}

/** POST tags in bulk. */
export function bulkEventTags(call: Call): Promise<Response> {
  return tagDefinitions(call, () => syncEventDefinitions(call.world))
}
