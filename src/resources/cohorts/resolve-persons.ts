import { hogql } from '../../runtime/hogql/hogql.ts'
import { inChunks } from '../in-chunks.ts'
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
  readonly personIds?: Iterable<string> | AsyncIterable<string>
  readonly distinctIds?: Iterable<string> | AsyncIterable<string>
  /** E-mail addresses in the property `email`, in upper or lower case. All persons that have one are meant. */
  readonly emails?: Iterable<string> | AsyncIterable<string>
}

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
  { personIds = [], distinctIds = [], emails = [] }: PersonKeys,
  options: CallOptions = {},
): Promise<ResolvedPersons> {
  const found = new Set<string>()
  const missing = { distinctIds: [] as string[], emails: [] as string[] }
  for await (const id of personIds) found.add(id)
  for await (const chunk of inChunks(distinctIds, mostDistinctIds)) {
    const wanted = [...new Set(chunk)]
    const { results } = await api.request(lookUp, { body: { distinct_ids: wanted } }, options)
    for (const id of wanted) {
      const person = results[id]
      if (person === undefined) missing.distinctIds.push(id)
      else found.add(person.uuid)
    }
  }
  for await (const chunk of inChunks(emails, mostEmails)) {
    const wanted = new Map(chunk.map((email) => [email.trim().toLowerCase(), email]))
    const query = hogql<{ id: string; email: string }>`
      select toString(id) as id, lower(toString(properties.email)) as email from persons
      where lower(toString(properties.email)) in ${[...wanted.keys()]} limit ${mostRows}`
    const { rows } = await runHogQL<{ id: string; email: string }>(api, query, options)
    for (const { id, email } of rows) {
      found.add(id)
      wanted.delete(email)
    }
    missing.emails.push(...wanted.values())
  }
  return { personIds: [...found], missing }
}
