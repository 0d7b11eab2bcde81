import { isObject } from '../../shared/is-object.ts'
import {
  addDistinctIds,
  addPersons,
  deleteRows,
  distinctIdsOf,
  moveDistinctIds,
  type PersonRow,
  personsOf,
  readPersons,
  savePerson,
} from '../resources/persons/person-table.ts'
import type { ServerState } from '../server-state.ts'
import type { CapturedEvent } from './captured-event.ts'

/** The changes that the events of one request make to persons. */
export interface PersonUpdates {
  /** Applies an event and returns its person after it. */
  apply(event: CapturedEvent): Promise<PersonRow>
  /** Writes the changes to the tables. */
  save(): Promise<void>
}

/** Reads the persons of events before their updates. */
export async function createPersonUpdates(
  state: ServerState,
  events: readonly CapturedEvent[],
): Promise<PersonUpdates> {
  const owners = await personsOf(state, [...new Set(events.flatMap(idsOf))])
  const persons = new Map((await readPersons(state, [...owners.values()])).map((row) => [row.uuid, row]))
  const added = new Set<string>()
  const changed = new Set<string>()
  const newIds = new Map<string, string>()

  const personOf = (id: string, at: Date): PersonRow => {
    const known = persons.get(owners.get(id) ?? '')
    if (known !== undefined) return known
    const row: PersonRow = {
      uuid: crypto.randomUUID(),
      createdAt: at.toISOString(),
      properties: {},
      isIdentified: false,
    }
    persons.set(row.uuid, row)
    added.add(row.uuid)
    assign(id, row.uuid)
    return row
  }
  const assign = (id: string, uuid: string): void => {
    owners.set(id, uuid)
    newIds.set(id, uuid)
  }
  const flush = async (): Promise<void> => {
    const rows = [...added].flatMap((uuid) => persons.get(uuid) ?? [])
    await addPersons(state, rows)
    await addDistinctIds(state, [...newIds])
    for (const uuid of changed) {
      const row = persons.get(uuid)
      if (row !== undefined && !added.has(uuid)) await savePerson(state, row)
    }
    for (const set of [added, changed, newIds]) set.clear()
  }
  /** Merges an anonymous person into another person. */
  const merge = async (into: PersonRow, from: PersonRow): Promise<void> => {
    await flush()
    const ids = (await distinctIdsOf(state, [from.uuid])).get(from.uuid) ?? []
    await moveDistinctIds(state, ids, into.uuid)
    await deleteRows(state, 'persons', [from.uuid])
    for (const id of ids) owners.set(id, into.uuid)
    persons.delete(from.uuid)
    persons.set(into.uuid, { ...into, properties: { ...from.properties, ...into.properties } })
    changed.add(into.uuid)
  }
  const link = async ({ distinctId, timestamp }: CapturedEvent, other: string): Promise<void> => {
    const known = [distinctId, other].map((id) => persons.get(owners.get(id) ?? ''))
    const [into, from] = known
    if (into === undefined && from === undefined) assign(other, personOf(distinctId, timestamp).uuid)
    else if (into === undefined && from !== undefined) assign(distinctId, from.uuid)
    else if (into !== undefined && from === undefined) assign(other, into.uuid)
    else if (into !== undefined && from !== undefined && into.uuid !== from.uuid && !from.isIdentified) {
      await merge(into, from)
    }
  }

  return {
    async apply(event) {
      const other = otherId(event)
      if (other !== undefined && other !== event.distinctId) await link(event, other)
      const before = personOf(event.distinctId, event.timestamp)
      const after = {
        ...before,
        isIdentified: before.isIdentified || other !== undefined || event.event === '$identify',
        properties: applyPropertyChanges(before.properties, event.properties),
      }
      if (JSON.stringify(after) !== JSON.stringify(before)) {
        persons.set(after.uuid, after)
        changed.add(after.uuid)
      }
      return after
    },
    save: flush,
  }
}

function idsOf(event: CapturedEvent): string[] {
  return [event.distinctId, otherId(event) ?? event.distinctId]
}

/** The other distinct id that an event assigns to the same person. */
function otherId({ event, properties }: CapturedEvent): string | undefined {
  const name = event === '$identify' ? '$anon_distinct_id' : event === '$create_alias' ? 'alias' : undefined
  const value = name === undefined ? undefined : properties[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function applyPropertyChanges(
  before: PersonRow['properties'],
  { $set, $set_once, $unset }: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const after = {
    ...(isObject($set_once) ? $set_once : {}),
    ...before,
    ...(isObject($set) ? $set : {}),
  }
  const unset = Array.isArray($unset) ? $unset.map(String) : isObject($unset) ? Object.keys($unset) : []
  return Object.fromEntries(Object.entries(after).filter(([name]) => !unset.includes(name)))
}
