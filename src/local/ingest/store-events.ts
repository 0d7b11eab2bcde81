import { isObject } from '../../shared/is-object.ts'
import { insertRows } from '../engine/insert-rows.ts'
import { clickHouseTime, listLiteral } from '../engine/sql-values.ts'
import { recordFlagCall } from '../resources/feature-flags/flag-record.ts'
import { ensureGroupType, identifyGroup } from '../resources/groups/groups.ts'
import type { PersonRow } from '../resources/persons/person-table.ts'
import type { ServerState } from '../server-state.ts'
import type { CapturedEvent } from './captured-event.ts'
import { PersonUpdates } from './person-updates.ts'

/**
 * Stores events in the tables of a project. Skips events with a uuid that is already stored.
 *
 * @param knownUuids The uuids that may be stored already. Default: all.
 */
export function storeEvents(
  state: ServerState,
  events: readonly CapturedEvent[],
  knownUuids: readonly string[] = events.map(({ uuid }) => uuid),
): Promise<void> {
  return state.withTableLock(async () => {
    const storedUuids = await readStoredUuids(state, knownUuids)
    const newEvents = [...new Map(events.map((event) => [event.uuid, event])).values()].filter(
      (event) => !storedUuids.has(event.uuid),
    )
    if (newEvents.length === 0) return
    const updates = await PersonUpdates.read(state, newEvents)
    const createdAt = clickHouseTime(state.now())
    const columnsOf = personColumns()
    const stored: StoredEvent[] = []
    for (const event of newEvents) {
      const person = await updates.apply(event)
      stored.push({ event, person, groups: groupsOf(state, event) })
      if (event.event === '$feature_flag_called') {
        recordFlagCall(state, state.projectId, event.properties['$feature_flag'], event.timestamp)
      }
    }
    await updates.save()
    await insertRows(state.engine, 'events', stored, (row) => {
      // A later event may have merged the person into another one.
      const personId = updates.ownerOf(row.event.distinctId) ?? row.person.uuid
      return `${eventLine(row, personId, createdAt).slice(0, -1)},${columnsOf(row.person)}`
    })
    await state.persist()
  })
}

async function readStoredUuids(state: ServerState, uuids: readonly string[]): Promise<Set<string>> {
  if (uuids.length === 0) return new Set()
  const { rows } = await state.engine.query(
    `SELECT uuid FROM ${state.engine.database}.events WHERE uuid IN {uuids:Array(UUID)}`,
    { uuids: listLiteral(uuids) },
  )
  return new Set(rows.map(([uuid]) => String(uuid)))
}

/** An event with its person at that time. */
interface StoredEvent {
  readonly event: CapturedEvent
  readonly person: PersonRow
  /** Keys of the event's groups by `$group_` and the index of their type. Undefined: none. */
  readonly groups: Readonly<Record<string, string>> | undefined
}

/** Formats the columns of persons. Each person is formatted once, because many events have the same one. */
function personColumns(): (person: PersonRow) => string {
  const known = new WeakMap<PersonRow, string>()
  return (person) => {
    const text =
      known.get(person) ??
      JSON.stringify({
        person_created_at: clickHouseTime(new Date(person.createdAt)),
        person_is_identified: person.isIdentified,
        person_properties: JSON.stringify(person.properties),
      }).slice(1)
    known.set(person, text)
    return text
  }
}

function eventLine(
  { event: { uuid, event, distinctId, timestamp, properties }, groups }: StoredEvent,
  person_id: string,
  created_at: string,
): string {
  const { $session_id: session, $elements_chain: chain } = properties
  return JSON.stringify({
    uuid,
    event,
    timestamp: clickHouseTime(timestamp),
    created_at,
    distinct_id: distinctId,
    person_id,
    properties: JSON.stringify(groups === undefined ? properties : { ...properties, ...groups }),
    elements_chain: typeof chain === 'string' ? chain : '',
    $session_id: typeof session === 'string' ? session : '',
  })
}

/** The groups of an event by the index of their group type. `$groupidentify` also creates the group. */
function groupsOf(
  state: ServerState,
  { event, properties }: CapturedEvent,
): Record<string, string> | undefined {
  const { $group_type: name, $group_key: key, $group_set: set, $groups } = properties
  if (event === '$groupidentify' && typeof name === 'string' && key !== undefined && key !== null) {
    identifyGroup(state, name, String(key), isObject(set) ? set : {})
  }
  if (!isObject($groups)) return undefined
  const groups: Record<string, string> = {}
  for (const [type, value] of Object.entries($groups)) {
    const index = ensureGroupType(state, type)?.group_type_index
    if (index !== undefined) groups[`$group_${index}`] = String(value)
  }
  return groups
}
