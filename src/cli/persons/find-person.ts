import { uuidPattern } from '../../resources/events/captured-event.ts'
import type { Person } from '../../resources/persons/persons.ts'
import { NotFoundError } from '../../runtime/errors/api-errors.ts'
import type { Connection } from '../connect.ts'
import { UsageError } from '../errors.ts'

/** Maximum number of persons in a fix. */
const maxListed = 10

/**
 * Finds a person by UUID, distinct id or email address, in this order.
 *
 * @throws UsageError if there is none, or if several persons have the email address
 */
export async function findPerson(
  { client, projectId }: Connection,
  id: string,
  signal: AbortSignal,
): Promise<Person> {
  const { persons } = client
  if (uuidPattern.test(id)) {
    const person = await ignoreNotFound(persons.get(id, { signal }))
    // A distinct id may be a UUID too.
    if (person !== undefined) return person
  }
  const owner = await ignoreNotFound(persons.getByDistinctId(id, { signal }))
  if (owner !== undefined) return persons.get(owner.uuid, { signal })
  if (id.includes('@')) {
    const { items } = await persons.list({ email: id, limit: maxListed + 1 }, { signal })
    const [first, second] = items
    if (first !== undefined && second === undefined) return persons.get(first.uuid, { signal })
    if (first !== undefined) {
      const listed = items.slice(0, maxListed).map(({ uuid }) => uuid)
      throw new UsageError(
        `Several persons have the email address "${id}".`,
        `Pass the UUID of one: ${listed.join(', ')}${items.length > maxListed ? ' and more' : ''}.`,
      )
    }
  }
  throw new UsageError(
    `Project ${projectId} has no person with the distinct id, email address or UUID "${id}".`,
    'Check the spelling and the project. Distinct ids are case-sensitive.',
  )
}

/** Resolves to undefined for a person who does not exist. A missing route still throws. */
async function ignoreNotFound<T>(call: PromiseLike<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof NotFoundError && !error.routeUnknown) return undefined
    throw error
  }
}
