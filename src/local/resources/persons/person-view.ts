import { isoTime, listLiteral } from '../../engine/sql-values.ts'
import type { ServerState } from '../../server-state.ts'
import { distinctIdsOf, type PersonRow } from './person-table.ts'

const NAME_PROPERTIES = ['email', 'name', 'username']

/** A person as the API returns it. */
export interface PersonView {
  readonly id: number
  readonly uuid: string
  readonly name: string
  readonly distinct_ids: readonly string[]
  readonly properties: Readonly<Record<string, unknown>>
  readonly created_at: string
  readonly last_seen_at: string | null
  readonly is_identified: boolean
}

/** Converts persons to the form of the API, in the given order. */
export async function personViews(state: ServerState, persons: readonly PersonRow[]): Promise<PersonView[]> {
  if (persons.length === 0) return []
  const uuids = persons.map((person) => person.uuid)
  const [distinctIds, seen] = [await distinctIdsOf(state, uuids), await lastSeen(state, uuids)]
  return persons.map((person) => {
    const ids = distinctIds.get(person.uuid) ?? []
    return {
      id: personNumber(person.uuid),
      name: personName(person, ids),
      distinct_ids: ids,
      properties: person.properties,
      created_at: person.createdAt,
      uuid: person.uuid,
      last_seen_at: seen.get(person.uuid) ?? null,
      is_identified: person.isIdentified,
    }
  })
}

/** A person as lists show it: the id is the uuid. */
export interface PersonListItem extends Omit<PersonView, 'id'> {
  readonly id: string
  readonly type: 'person'
  readonly matched_recordings: readonly unknown[]
  readonly value_at_data_point: null
}

/**
 * Converts persons to the form of a list.
 *
 * @see PostHog/posthog posthog/queries/actor_base_query.py, get_serialized_people
 */
export async function personListItems(
  state: ServerState,
  persons: readonly PersonRow[],
): Promise<PersonListItem[]> {
  return (await personViews(state, persons)).map((person) => ({
    ...person,
    id: person.uuid,
    type: 'person',
    matched_recordings: [],
    value_at_data_point: null,
  }))
}

/** A stable number for a person, derived from the uuid. The tables have no numbers. */
export function personNumber(uuid: string): number {
  return Number.parseInt(uuid.replaceAll('-', '').slice(0, 13), 16) % 2_147_483_647
}

function personName(person: PersonRow, distinctIds: readonly string[]): string {
  const named = NAME_PROPERTIES.map((key) => person.properties[key]).find(
    (value) => value !== undefined && value !== null && value !== '',
  )
  return String(named ?? distinctIds[0] ?? personNumber(person.uuid))
}

async function lastSeen(state: ServerState, uuids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await state.engine.query(
    `SELECT person_id, max(timestamp) FROM ${state.engine.database}.events
     WHERE person_id IN {ids:Array(UUID)} GROUP BY person_id`,
    { ids: listLiteral(uuids) },
  )
  return new Map(rows.map(([person, time]) => [String(person), isoTime(time)]))
}
