import { distinctIdsOf, personsOf, readPersons } from '../../resources/persons/person-table.ts'
import type { ServerState } from '../../server-state.ts'

/** Persons by distinct id, in the form of a `person` column of an EventsQuery. */
export async function distinctPersons(
  state: ServerState,
  distinctIds: readonly string[],
): Promise<Map<string, Record<string, unknown>>> {
  const owners = await personsOf(state, distinctIds)
  const persons = new Map(
    (await readPersons(state, [...new Set(owners.values())])).map((person) => [person.uuid, person]),
  )
  return new Map(
    [...owners].flatMap(([distinct_id, uuid]) => {
      const person = persons.get(uuid)
      if (person === undefined) return []
      return [
        [distinct_id, { uuid, created_at: person.createdAt, properties: person.properties, distinct_id }],
      ]
    }),
  )
}

/** Persons by uuid, in the form of a `person` or `actor` column of an ActorsQuery. */
export async function actorsById(
  state: ServerState,
  ids: readonly string[],
): Promise<Map<string, Record<string, unknown>>> {
  const persons = await readPersons(state, ids)
  const distinctIds = await distinctIdsOf(
    state,
    persons.map(({ uuid }) => uuid),
  )
  return new Map(
    persons.map(({ uuid, properties, isIdentified, createdAt }) => [
      uuid,
      {
        id: uuid,
        properties,
        is_identified: isIdentified,
        created_at: createdAt,
        distinct_ids: distinctIds.get(uuid) ?? [],
      },
    ]),
  )
}
