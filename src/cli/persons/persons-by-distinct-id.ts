import type { TypehogClient } from '../../client/create-client.ts'

/** Maximum number of ids per lookup request. */
const maxIds = 200

/** A person with the distinct ids of the command line that belong to them. */
interface ListedPerson {
  readonly uuid: string
  readonly name: string
  /** ISO 8601. */
  readonly createdAt: string
  /** The given distinct ids, in order. */
  readonly distinctIds: readonly string[]
}

/** Persons of distinct ids. */
export interface PersonsByDistinctId {
  readonly persons: readonly ListedPerson[]
  /** Distinct ids without a person. */
  readonly unknownIds: readonly string[]
}

/** Reads the persons of distinct ids, 200 per request. Several ids may belong to one person. */
export async function readPersons(
  { request }: TypehogClient,
  distinctIds: readonly string[],
  signal: AbortSignal,
): Promise<PersonsByDistinctId> {
  const persons = new Map<string, ListedPerson>()
  const unknownIds: string[] = []
  for (let start = 0; start < distinctIds.length; start += maxIds) {
    const ids = distinctIds.slice(start, start + maxIds)
    const { results } = await request(
      'POST /api/projects/{project_id}/persons/batch_by_distinct_ids/',
      { body: { distinct_ids: ids } },
      { signal },
    )
    const found = new Map(Object.entries(results))
    for (const id of ids) {
      const person = found.get(id)
      if (person === undefined) {
        unknownIds.push(id)
        continue
      }
      const { uuid, name, created_at: createdAt } = person
      const earlier = persons.get(uuid)?.distinctIds ?? []
      persons.set(uuid, { uuid, name, createdAt, distinctIds: [...earlier, id] })
    }
  }
  return { persons: [...persons.values()], unknownIds }
}
