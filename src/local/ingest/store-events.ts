import { isObject } from '../../shared/is-object.ts'
import { clickHouseTime, listLiteral } from '../engine/sql-values.ts'
import { recordFlagCall } from '../resources/feature-flags/flag-record.ts'
import { ensureGroupType, identifyGroup } from '../resources/groups/groups.ts'
import type { PersonRow } from '../resources/persons/person-table.ts'
import type { ServerState } from '../server-state.ts'
import type { CapturedEvent } from './captured-event.ts'
import { PersonUpdates } from './person-updates.ts'

/** Stores events in the tables. Skips events with a uuid that is already stored. */
export function storeEvents(
  state: ServerState,
  project: number,
  events: readonly CapturedEvent[],
): Promise<void> {
  return state.withTableLock(async () => {
    const storedUuids = await readStoredUuids(state, events)
    const newEvents = [...new Map(events.map((event) => [event.uuid, event])).values()].filter(
      (event) => !storedUuids.has(event.uuid),
    )
    if (newEvents.length === 0) return
    const updates = await PersonUpdates.read(state, newEvents)
    const lines: string[] = []
    for (const event of newEvents) {
      const person = await updates.apply(event)
      lines.push(eventLine(event, person, groupsOf(state, event), state.now()))
      if (event.event === '$feature_flag_called') {
        recordFlagCall(state, project, event.properties['$feature_flag'], event.timestamp)
      }
    }
    await updates.save()
    await state.engine.insert('events', lines.join('\n'))
    await state.persist()
  })
}

async function readStoredUuids(state: ServerState, events: readonly CapturedEvent[]): Promise<Set<string>> {
  const { rows } = await state.engine.query(
    `SELECT uuid FROM ${state.engine.database}.events WHERE uuid IN {uuids:Array(UUID)}`,
    { uuids: listLiteral(events.map((event) => event.uuid)) },
  )
  return new Set(rows.map(([uuid]) => String(uuid)))
}

function eventLine(
  { uuid, event, distinctId, timestamp, properties }: CapturedEvent,
  person: PersonRow,
  groups: Readonly<Record<string, string>>,
  now: Date,
): string {
  const { $session_id: session, $elements_chain: chain } = properties
  return JSON.stringify({
    uuid,
    event,
    timestamp: clickHouseTime(timestamp),
    created_at: clickHouseTime(now),
    distinct_id: distinctId,
    person_id: person.uuid,
    properties: JSON.stringify({ ...properties, ...groups }),
    elements_chain: typeof chain === 'string' ? chain : '',
    $session_id: typeof session === 'string' ? session : '',
    person_created_at: clickHouseTime(new Date(person.createdAt)),
    person_is_identified: person.isIdentified,
    person_properties: JSON.stringify(person.properties),
  })
}

/** The groups of an event by the index of their group type. `$groupidentify` also creates the group. */
function groupsOf(state: ServerState, { event, properties }: CapturedEvent): Record<string, string> {
  const { $group_type: name, $group_key: key, $group_set: set, $groups } = properties
  if (event === '$groupidentify' && typeof name === 'string' && key !== undefined && key !== null) {
    identifyGroup(state, name, String(key), isObject(set) ? set : {})
  }
  const groups: Record<string, string> = {}
  for (const [type, value] of Object.entries(isObject($groups) ? $groups : {})) {
    const index = ensureGroupType(state, type)?.group_type_index
    if (index !== undefined) groups[`$group_${index}`] = String(value)
  }
  return groups
}
