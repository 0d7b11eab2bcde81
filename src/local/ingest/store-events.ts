import { isObject } from '../../shared/is-object.ts'
import { createInserter, ROWS_PER_INSERT } from '../engine/insert-rows.ts'
import { clickHouseTime, listLiteral } from '../engine/sql-values.ts'
import {
  knowProperties,
  type PropertyRecorder,
  recordProperties,
} from '../resources/definitions/property-types.ts'
import { recordFlagCall } from '../resources/feature-flags/flag-record.ts'
import { ensureGroupType, identifyGroup } from '../resources/groups/groups.ts'
import type { PersonRow } from '../resources/persons/person-table.ts'
import type { ServerState } from '../server-state.ts'
import type { CapturedEvent } from './captured-event.ts'
import { linksIds, PersonUpdates } from './person-updates.ts'

/** What `storeEvents` reads before it stores. */
export interface KnownIds {
  /** All distinct ids of the events, with those that `$identify` and `$create_alias` name. */
  readonly distinctIds: ReadonlySet<string>
  /** The uuids that may be stored already. */
  readonly uuids: readonly string[]
}

/** Stores events in the tables of a project. Skips events with a uuid that is already stored. */
export function storeEvents(
  state: ServerState,
  events: Iterable<CapturedEvent>,
  { distinctIds, uuids }: KnownIds,
): Promise<void> {
  return state.withTableLock(async () => {
    await knowProperties(state)
    const define = recordProperties(state)
    const stored = await readStoredUuids(state, uuids)
    const known = new Set(uuids)
    const updates = await PersonUpdates.read(state, distinctIds)
    const inserter = createInserter(state.engine, 'events')
    const createdAt = clickHouseTime(state.now())
    let lines: string[] = []
    const flush = async (): Promise<void> => {
      const text = lines.join('\n')
      lines = []
      if (text !== '') await inserter.insert(text)
    }
    for (const event of events) {
      if (stored.has(event.uuid)) continue
      if (known.has(event.uuid)) stored.add(event.uuid)
      if (linksIds(event)) {
        if (updates.merges(event)) {
          // A merge changes the rows of earlier events.
          await flush()
          await inserter.settle()
        }
        await updates.link(event)
      }
      // Rows become text at once: many objects that live longer are slow to collect.
      lines.push(eventLine(event, updates.apply(event), groupsOf(state, event), createdAt))
      defineProperties(event, define)
      if (event.event === '$feature_flag_called') {
        recordFlagCall(state, state.projectId, event.properties['$feature_flag'], event.timestamp)
      }
      if (lines.length === ROWS_PER_INSERT) await flush()
    }
    await flush()
    await inserter.settle()
    await updates.save()
    await state.persist()
  })
}

/** Defines the properties of an event, and those that it sets on its person. */
function defineProperties({ event, properties }: CapturedEvent, define: PropertyRecorder): void {
  // PostHog reads the properties of the group only.
  if (event === '$groupidentify') return
  define('event', properties)
  for (const set of [properties['$set'], properties['$set_once']]) if (isObject(set)) define('person', set)
}

/** Reads which events are stored. */
async function readStoredUuids(state: ServerState, uuids: readonly string[]): Promise<Set<string>> {
  if (uuids.length === 0) return new Set()
  const { rows } = await state.engine.query(
    `SELECT uuid FROM ${state.engine.database}.events WHERE uuid IN {uuids:Array(UUID)}`,
    { uuids: listLiteral(uuids) },
  )
  return new Set(rows.map(([uuid]) => String(uuid)))
}

function eventLine(
  { uuid, event, distinctId, timestamp, properties }: CapturedEvent,
  person: PersonRow,
  groups: Readonly<Record<string, string>> | undefined,
  createdAt: string,
): string {
  const { $session_id: session, $elements_chain: chain } = properties
  return JSON.stringify({
    uuid,
    event,
    timestamp: clickHouseTime(timestamp),
    created_at: createdAt,
    distinct_id: distinctId,
    person_id: person.uuid,
    properties: JSON.stringify(groups === undefined ? properties : { ...properties, ...groups }),
    elements_chain: typeof chain === 'string' ? chain : '',
    $session_id: typeof session === 'string' ? session : '',
    person_created_at: clickHouseTime(new Date(person.createdAt)),
    person_is_identified: person.isIdentified,
    person_properties: JSON.stringify(person.properties),
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
