import { type OptionNames, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { hogql } from '../../runtime/hogql/hogql.ts'
import { requireList, requireObject } from '../check-arguments.ts'
import { inChunks } from '../delete-many.ts'
import { runHogQL } from '../query/run-hogql.ts'
import type { CallOptions, Requester } from '../requester.ts'

const lookUp = 'POST /api/projects/{project_id}/persons/batch_by_distinct_ids/'
/** Maximum number of distinct ids per request. */
const maxDistinctIds = 200
/** Maximum number of email addresses per query. Several persons may share an address. */
const maxEmails = 1_000
/** Maximum number of rows that PostHog returns. */
const maxRows = 50_000

/** Persons by UUID, distinct id or email address. */
export interface PersonKeys {
  /** UUIDs of persons. */
  readonly personIds?: Iterable<string> | AsyncIterable<string> | undefined
  readonly distinctIds?: Iterable<string> | AsyncIterable<string> | undefined
  /** Email addresses in the property `email`. Matching ignores case and includes every person with the address. */
  readonly emails?: Iterable<string> | AsyncIterable<string> | undefined
}

const keyNames: OptionNames<PersonKeys> = { personIds: true, distinctIds: true, emails: true }

/** The persons that were found. */
export interface ResolvedPersons {
  /** UUIDs without duplicates. */
  readonly personIds: readonly string[]
  /** Identifiers that match no person. */
  readonly missing: { readonly distinctIds: readonly string[]; readonly emails: readonly string[] }
}

/** Looks up persons in batches. */
export async function resolvePersons(
  api: Requester,
  keys: PersonKeys,
  options: CallOptions = {},
): Promise<ResolvedPersons> {
  requireObject('persons', keys)
  rejectUnknownOptions('persons', keys, keyNames)
  const { personIds = [], distinctIds = [], emails = [] } = keys
  for (const [name, list] of Object.entries({ personIds, distinctIds, emails })) requireList(name, list)
  const found = new Set<string>()
  for await (const id of personIds) found.add(id)
  const unknownIds = new Set<string>()
  for await (const chunk of inChunks(distinctIds, maxDistinctIds)) {
    const uniqueIds = [...new Set(chunk)]
    const { results } = await api.request(lookUp, { body: { distinct_ids: uniqueIds } }, options)
    for (const id of uniqueIds) {
      const person = results[id]
      if (person === undefined) unknownIds.add(id)
      else found.add(person.uuid)
    }
  }
  /** The address as first given, by its normalized form. */
  const unknownEmails = new Map<string, string>()
  for await (const chunk of inChunks(emails, maxEmails)) {
    const pending = new Map(chunk.map((email) => [String(email).trim().toLowerCase(), email]))
    // An empty address identifies nobody, and many persons may have it.
    const normalized = [...pending.keys()].filter((email) => email !== '')
    for (const { id, email } of await personsWithEmails(api, normalized, options)) {
      found.add(id)
      pending.delete(email)
    }
    for (const [email, given] of pending) if (!unknownEmails.has(email)) unknownEmails.set(email, given)
  }
  return {
    personIds: [...found],
    missing: { distinctIds: [...unknownIds], emails: [...unknownEmails.values()] },
  }
}

interface EmailMatch {
  readonly id: string
  readonly email: string
}

/** Finds all persons with one of the lowercase addresses. */
async function personsWithEmails(
  api: Requester,
  emails: readonly string[],
  options: CallOptions,
): Promise<readonly EmailMatch[]> {
  if (emails.length === 0) return []
  const query = hogql<EmailMatch>`
    select toString(id) as id, lowerUTF8(JSONExtractString(properties, 'email')) as email from persons
    where lowerUTF8(JSONExtractString(properties, 'email')) in ${emails} limit ${maxRows}`
  const { rows, complete } = await runHogQL<EmailMatch>(api, query, options)
  // Accept a cut-off result for a single address: one that 50,000 persons share identifies nobody.
  if (complete === true || emails.length === 1) return rows
  const half = Math.ceil(emails.length / 2)
  const parts = [emails.slice(0, half), emails.slice(half)]
  return (await Promise.all(parts.map((part) => personsWithEmails(api, part, options)))).flat()
}
