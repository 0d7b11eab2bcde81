import { isoTime } from '../../sample/clickhouse-time.ts'
import type { ServerState } from '../../server-state.ts'
import type {
  DefinitionNotes,
  EventDefinition,
  PropertyDefinition,
  PropertyOwner,
} from './definition-record.ts'

/** Finds the events in the table that have no definition yet, and when each was last seen. */
export async function syncEventDefinitions(world: ServerState): Promise<EventDefinition[]> {
  const { eventDefinitions } = world.data.stores
  if (!world.engine.available) return eventDefinitions
  const { rows } = await world.engine.query(
    `SELECT event, min(timestamp), max(timestamp), max(created_at) FROM ${world.engine.database}.events
     GROUP BY event ORDER BY event`,
    {},
  )
  for (const [name, first, last, added] of rows) {
    const known = eventDefinitions.find((definition) => definition.name === name)
    if (known !== undefined) known.last_seen_at = isoTime(last)
    else if (!isForgotten(world, `event ${String(name)}`, isoTime(added))) {
      eventDefinitions.push(newEventDefinition(String(name), isoTime(first), isoTime(last)))
    }
  }
  return eventDefinitions
}

/** The definition of an event that nobody said anything of. */
export function newEventDefinition(name: string, created: string, lastSeen: string | null): EventDefinition {
  return {
    id: crypto.randomUUID(),
    name,
    created_at: created,
    last_seen_at: lastSeen,
    owner: null,
    default_columns: [],
    promoted_property: null,
    enforcement_mode: 'allow',
    ...noNotes(created),
  }
}

function noNotes(at: string): DefinitionNotes {
  return { description: null, tags: [], verified: false, verified_at: null, hidden: false, updated_at: at }
}

/** Finds the properties of events and persons that have no definition yet. */
export async function syncPropertyDefinitions(world: ServerState): Promise<PropertyDefinition[]> {
  const { propertyDefinitions } = world.data.stores
  if (!world.engine.available) return propertyDefinitions
  for (const owner of ['event', 'person'] as const) {
    const { rows } = await world.engine.query(
      `SELECT key, topK(1)(toString(JSONType(properties, key)))[1], max(created_at), any(JSONExtractString(properties, key))
       FROM ${world.engine.database}.${owner}s ARRAY JOIN JSONExtractKeys(properties) AS key
       GROUP BY key ORDER BY key`,
      {},
    )
    for (const [name, type, added, value] of rows) {
      const known = propertyDefinitions.some((one) => one.of === owner && one.name === name)
      if (known || isForgotten(world, `${owner} property ${String(name)}`, isoTime(added))) continue
      propertyDefinitions.push({
        id: crypto.randomUUID(),
        of: owner,
        name: String(name),
        property_type: typeOf(String(type), String(value)),
        ...noNotes(world.startedAt.toISOString()),
      })
    }
  }
  return propertyDefinitions
}

function typeOf(json: string, value: string): string | null {
  if (json === 'Bool') return 'Boolean'
  if (/^(?:U?Int64|Double)$/.test(json)) return 'Numeric'
  if (json !== 'String') return null
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) ? 'DateTime' : 'String'
}

/** Notes that a definition was deleted: what comes later brings it back. */
export function forget(world: ServerState, name: string): void {
  world.data.stores.forgotten.push({ name, at: world.now().toISOString() })
}

/** The name under which a property's definition is forgotten. */
export function propertyLabel(of: PropertyOwner, name: string): string {
  return `${of} property ${name}`
}

function isForgotten(world: ServerState, name: string, added: string): boolean {
  return world.data.stores.forgotten.some(
    (entry) => entry.name === name && Date.parse(entry.at) >= Date.parse(added),
  )
}
