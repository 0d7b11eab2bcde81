import { isObject } from '../../../shared/is-object.ts'
import { insertRows } from '../../engine/insert-rows.ts'
import { clickHouseTime, isoTime, listLiteral, stringLiteral } from '../../engine/sql-values.ts'
import type { ServerState } from '../../server-state.ts'

/** A row of the persons table. */
export interface PersonRow {
  readonly uuid: string
  readonly createdAt: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly isIdentified: boolean
}

export const UUID: RegExp = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Reads persons, newest first: all, or those with the given uuids. Empty without a database. */
export async function readPersons(state: ServerState, uuids?: readonly string[]): Promise<PersonRow[]> {
  const ids = uuids?.filter((uuid) => UUID.test(uuid))
  if (!state.engine.available || ids?.length === 0) return []
  const where = ids === undefined ? '' : 'WHERE id IN {ids:Array(UUID)}'
  const { rows } = await state.engine.query(
    `SELECT id, created_at, properties, is_identified FROM ${state.engine.database}.persons ${where}
     ORDER BY created_at DESC, id`,
    ids === undefined ? {} : { ids: listLiteral(ids) },
  )
  return rows.map(([id, createdAt, properties, isIdentified]) => ({
    uuid: String(id),
    createdAt: isoTime(createdAt),
    properties: readProperties(properties),
    isIdentified: isIdentified === true,
  }))
}

/** Parses a properties cell, which is JSON text. */
export function readProperties(cell: unknown): Record<string, unknown> {
  const value: unknown = JSON.parse(String(cell))
  return isObject(value) ? value : {}
}

/** Maps distinct ids to person uuids. Omits unknown ids. */
export async function personsOf(
  state: ServerState,
  distinctIds: readonly string[],
): Promise<Map<string, string>> {
  if (!state.engine.available || distinctIds.length === 0) return new Map()
  const { rows } = await state.engine.query(
    `SELECT distinct_id, person_id FROM ${state.engine.database}.person_distinct_ids
     WHERE distinct_id IN (SELECT arrayJoin(JSONExtract({ids:String}, 'Array(String)')))`,
    // Parameters of type Array(String) corrupt backslashes and quotes.
    { ids: JSON.stringify(distinctIds) },
  )
  return new Map(rows.map(([id, person]) => [String(id), String(person)]))
}

/** Maps person uuids to distinct ids: identified ones first, then anonymous device ids. */
export async function distinctIdsOf(
  state: ServerState,
  uuids: readonly string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>(uuids.map((uuid) => [uuid, []]))
  if (uuids.length === 0) return found
  const { rows } = await state.engine.query(
    `SELECT person_id, distinct_id FROM ${state.engine.database}.person_distinct_ids
     WHERE person_id IN {ids:Array(UUID)} ORDER BY match(distinct_id, {uuid:String}), distinct_id`,
    { ids: listLiteral(uuids), uuid: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
  )
  for (const [person, id] of rows) found.get(String(person))?.push(String(id))
  return found
}

/** Inserts persons. */
export async function addPersons(state: ServerState, persons: readonly PersonRow[]): Promise<void> {
  await insertRows(state.engine, 'persons', persons, (person) => ({
    id: person.uuid,
    created_at: clickHouseTime(new Date(person.createdAt)),
    properties: JSON.stringify(person.properties),
    is_identified: person.isIdentified,
  }))
}

/** Assigns distinct ids to persons. */
export async function addDistinctIds(
  state: ServerState,
  pairs: readonly (readonly [distinctId: string, person: string])[],
): Promise<void> {
  await insertRows(state.engine, 'person_distinct_ids', pairs, ([distinct_id, person_id]) => ({
    distinct_id,
    person_id,
  }))
}

/** Updates the properties of a person and whether the person is identified. */
export async function savePerson(state: ServerState, person: PersonRow): Promise<void> {
  await state.engine.command(
    `ALTER TABLE ${state.engine.database}.persons UPDATE
     properties = ${stringLiteral(JSON.stringify(person.properties))},
     is_identified = ${person.isIdentified}
     WHERE id = ${stringLiteral(person.uuid)} SETTINGS mutations_sync = 1`,
  )
}

/** Moves distinct ids and their events to another person. */
export async function moveDistinctIds(
  state: ServerState,
  distinctIds: readonly string[],
  person: string,
): Promise<void> {
  if (distinctIds.length === 0) return
  const ids = distinctIds.map(stringLiteral).join(', ')
  for (const table of ['person_distinct_ids', 'events']) {
    await state.engine.command(
      `ALTER TABLE ${state.engine.database}.${table} UPDATE person_id = ${stringLiteral(person)}
       WHERE distinct_id IN (${ids}) SETTINGS mutations_sync = 1`,
    )
  }
}

/** Updates the properties of persons and whether they are identified. */
export async function savePersons(state: ServerState, persons: readonly PersonRow[]): Promise<void> {
  const [first, ...others] = persons
  if (first === undefined) return
  if (others.length === 0) return savePerson(state, first)
  // One statement per person would be slow for many.
  await deleteRows(
    state,
    'persons',
    persons.map(({ uuid }) => uuid),
  )
  await addPersons(state, persons)
}

/** Maximum number of uuids in a statement: ClickHouse parses at most 256 KiB. */
const UUIDS_PER_STATEMENT = 5_000

/** Deletes the rows of persons from a table. */
export async function deleteRows(
  state: ServerState,
  table: 'persons' | 'person_distinct_ids' | 'events',
  uuids: readonly string[],
): Promise<void> {
  const column = table === 'persons' ? 'id' : 'person_id'
  for (let from = 0; from < uuids.length; from += UUIDS_PER_STATEMENT) {
    const part = uuids.slice(from, from + UUIDS_PER_STATEMENT)
    await state.engine.command(
      `ALTER TABLE ${state.engine.database}.${table} DELETE
       WHERE ${column} IN (${part.map(stringLiteral).join(', ')}) SETTINGS mutations_sync = 1`,
    )
  }
}
