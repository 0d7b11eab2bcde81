import { type OptionNames, refuseUnknown } from '../../runtime/config/check-options.ts'
import { hogql } from '../../runtime/hogql/hogql.ts'
import { requireList, requireObject } from '../check-arguments.ts'
import { inChunks } from '../delete-many.ts'
import { runHogQL } from '../query/run-hogql.ts'
import type { CallOptions, Requester } from '../requester.ts'

const lookUp = 'POST /api/projects/{project_id}/persons/batch_by_distinct_ids/'
/** Distinct ids in one request. */
const mostDistinctIds = 200
/** E-mail addresses in one query; several persons may have the same. */
const mostEmails = 1_000
/** Rows that PostHog gives at most. */
const mostRows = 50_000

/** Persons by any of what they are known by. */
export interface PersonKeys {
  /** Uuids of persons. */
  readonly personIds?: Iterable<string> | AsyncIterable<string> | undefined
  readonly distinctIds?: Iterable<string> | AsyncIterable<string> | undefined
  /** E-mail addresses in the property `email`, in upper or lower case. All persons that have one are meant. */
  readonly emails?: Iterable<string> | AsyncIterable<string> | undefined
}

const keyNames: OptionNames<PersonKeys> = { personIds: true, distinctIds: true, emails: true }

/** Persons that were looked for. */
export interface ResolvedPersons {
  /** Uuids, each once. */
  readonly personIds: readonly string[]
  /** What PostHog knows nobody by. */
  readonly missing: { readonly distinctIds: readonly string[]; readonly emails: readonly string[] }
}

/** Looks persons up, in batches. */
export async function resolvePersons(
  api: Requester,
  keys: PersonKeys,
  options: CallOptions = {},
): Promise<ResolvedPersons> {
  requireObject('persons', keys)
  refuseUnknown('persons', keys, keyNames)
  const { personIds = [], distinctIds = [], emails = [] } = keys
  for (const [name, list] of Object.entries({ personIds, distinctIds, emails })) requireList(name, list)
  const found = new Set<string>()
  for await (const id of personIds) found.add(id)
  const unknownIds = new Set<string>()
  for await (const chunk of inChunks(distinctIds, mostDistinctIds)) {
    const wanted = [...new Set(chunk)]
    const { results } = await api.request(lookUp, { body: { distinct_ids: wanted } }, options)
    for (const id of wanted) {
      const person = results[id]
      if (person === undefined) unknownIds.add(id)
      else found.add(person.uuid)
    }
  }
  /** As they were given first, by how they are compared. */
  const unknownEmails = new Map<string, string>()
  for await (const chunk of inChunks(emails, mostEmails)) {
    const wanted = new Map(chunk.map((email) => [String(email).trim().toLowerCase(), email]))
    // Nobody is meant by an empty one, and there may be many who have it.
    const asked = [...wanted.keys()].filter((email) => email !== '')
    for (const { id, email } of await personsWith(api, asked, options)) {
      found.add(id)
      wanted.delete(email)
    }
    for (const [email, given] of wanted) if (!unknownEmails.has(email)) unknownEmails.set(email, given)
  }
  return {
    personIds: [...found],
    missing: { distinctIds: [...unknownIds], emails: [...unknownEmails.values()] },
  }
}

interface Addressee {
  readonly id: string
  readonly email: string
}

/** All persons who have one of the addresses, which are in lower case. */
async function personsWith(
  api: Requester,
  emails: readonly string[],
  options: CallOptions,
): Promise<readonly Addressee[]> {
  if (emails.length === 0) return []
  const query = hogql<Addressee>`
    select toString(id) as id, lowerUTF8(toString(properties.email)) as email from persons
    where lowerUTF8(toString(properties.email)) in ${emails} limit ${mostRows}`
  const { rows, complete } = await runHogQL<Addressee>(api, query, options)
  // What so many have is no address of a person any more.
  if (complete === true || emails.length === 1) return rows
  const half = Math.ceil(emails.length / 2)
  const parts = [emails.slice(0, half), emails.slice(half)]
  return (await Promise.all(parts.map((part) => personsWith(api, part, options)))).flat()
}
