import { checkBoolean, type OptionNames, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { AuthenticationError, PermissionError } from '../../runtime/errors/api-errors.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { assertNotString } from '../check-arguments.ts'
import { inChunks } from '../delete-many.ts'
import type { BodyOf, CallOptions, Requester, ResponseOf } from '../requester.ts'

const bulkDelete = 'POST /api/projects/{project_id}/persons/bulk_delete/'
const lookUp = 'POST /api/projects/{project_id}/persons/batch_by_distinct_ids/'
/** Maximum number of ids per deletion request (PostHog/posthog posthog/api/person.py). */
const maxIds = 1_000
/** Maximum number of ids per lookup request. */
const maxLookupIds = 200

/** The persons to erase, and which of their data. */
export interface Erasure {
  /** Any distinct id of each person. An alternative to `personIds`. */
  readonly distinctIds?: Iterable<string> | AsyncIterable<string> | undefined
  /** UUIDs of persons. */
  readonly personIds?: Iterable<string> | AsyncIterable<string> | undefined
  /** Deletes their events too. PostHog runs these deletions on Sundays at 5:00 UTC. Default: `true`. */
  readonly deleteEvents?: boolean | undefined
  /** Deletes their recordings too. Default: `true`. */
  readonly deleteRecordings?: boolean | undefined
  /** Keeps the persons and their properties. Default: `false`. */
  readonly keepPersons?: boolean | undefined
  /** Counts the persons and deletes nothing. Default: `false`. */
  readonly dryRun?: boolean | undefined
}

/** The record of an erasure. */
export interface ErasureReceipt {
  readonly dryRun: boolean
  /** Number of unique ids requested. */
  readonly requested: number
  /** Number of persons that PostHog found. */
  readonly found: number
  /** Number of persons deleted immediately. Their events and recordings follow later; see `persons.deletions`. */
  readonly deleted: number
  /** Number of persons that PostHog deletes in the background. */
  readonly queued: number
  /** Number of ids in requests that PostHog accepted without reporting the persons found. */
  readonly unreported: number
  readonly eventsQueued: boolean
  readonly recordingsQueued: boolean
  /** UUIDs of persons that PostHog could not delete. */
  readonly refused: readonly string[]
  /** Ids of failed requests. PostHog may have deleted them anyway; it is safe to erase them again. */
  readonly failed: readonly { readonly ids: readonly string[]; readonly error: unknown }[]
  readonly at: Date
}

const erasureNames: OptionNames<Erasure> = {
  distinctIds: true,
  personIds: true,
  deleteEvents: true,
  deleteRecordings: true,
  keepPersons: true,
  dryRun: true,
}

/** Erases persons, 1,000 per request. */
export async function erase(
  api: Requester,
  erasure: Erasure,
  options: CallOptions = {},
): Promise<ErasureReceipt> {
  // A misspelled `dryRun` would delete persons.
  rejectUnknownOptions('persons.erase', erasure, erasureNames)
  const {
    distinctIds,
    personIds,
    deleteEvents = true,
    deleteRecordings = true,
    keepPersons = false,
    dryRun = false,
  } = Object(erasure) as Erasure
  for (const [name, value] of Object.entries({ deleteEvents, deleteRecordings, keepPersons, dryRun })) {
    checkBoolean(name, value)
  }
  const ids = distinctIds ?? personIds
  if (ids === undefined || (distinctIds !== undefined && personIds !== undefined)) {
    throw new ConfigurationError({
      message: 'Expected exactly one of `distinctIds` and `personIds`.',
      fix: 'Pass one of the two. Nothing was sent.',
    })
  }
  assertNotString('distinctIds', distinctIds)
  assertNotString('personIds', personIds)
  const total = {
    requested: 0,
    found: 0,
    deleted: 0,
    queued: 0,
    unreported: 0,
    eventsQueued: false,
    recordingsQueued: false,
  }
  const refused: string[] = []
  const failed: { ids: readonly string[]; error: unknown }[] = []
  const seen = new Set<string>()
  /** Persons that a dry run found. Several ids may belong to one person. */
  const persons = new Set<string>()
  let fatalError: unknown
  for await (const chunk of inChunks(ids, dryRun ? maxLookupIds : maxIds)) {
    options.signal?.throwIfAborted()
    const fresh = [...new Set(chunk)].filter((id) => !seen.has(id))
    for (const id of fresh) seen.add(id)
    total.requested += fresh.length
    if (fresh.length === 0) continue
    try {
      if (fatalError !== undefined) throw fatalError
      if (dryRun) {
        for (const id of await lookUpPersons(api, distinctIds !== undefined, fresh, options)) persons.add(id)
        total.found = persons.size
        continue
      }
      const idFields = distinctIds === undefined ? { ids: fresh } : { distinct_ids: fresh }
      const body = {
        ...idFields,
        delete_events: deleteEvents,
        delete_recordings: deleteRecordings,
        keep_person: keepPersons,
      }
      const done = await requestDeletion(api, body, options)
      if (done === undefined) {
        total.unreported += fresh.length
        total.eventsQueued ||= deleteEvents
        total.recordingsQueued ||= deleteRecordings
        continue
      }
      const errors = done.deletion_errors ?? []
      total.found += done.persons_found
      total.deleted += done.persons_deleted
      if (!keepPersons) total.queued += Math.max(0, done.persons_found - done.persons_deleted - errors.length)
      total.eventsQueued ||= done.events_queued_for_deletion
      total.recordingsQueued ||= done.recordings_queued_for_deletion
      refused.push(...errors.map(({ person_uuid }) => String(person_uuid)))
    } catch (error) {
      options.signal?.throwIfAborted()
      // Without permission, every further request would fail too.
      if (error instanceof AuthenticationError || error instanceof PermissionError) fatalError = error
      failed.push({ ids: fresh, error })
    }
  }
  return { dryRun, ...total, refused, failed, at: new Date() }
}

/** Requests a deletion. Returns undefined if PostHog accepts it without a response body. */
async function requestDeletion(
  api: Requester,
  body: BodyOf<typeof bulkDelete>,
  options: CallOptions,
): Promise<ResponseOf<typeof bulkDelete> | undefined> {
  const call = api.request(bulkDelete, { body }, options)
  const response = await call.asResponse()
  return (await response.text()).trim() === '' ? undefined : call
}

/** Returns the UUIDs of the persons that PostHog knows. */
async function lookUpPersons(
  api: Requester,
  byDistinctId: boolean,
  ids: readonly string[],
  options: CallOptions,
): Promise<string[]> {
  const { results } = byDistinctId
    ? await api.request(lookUp, { body: { distinct_ids: [...ids] } }, options)
    : await api.request(
        'POST /api/projects/{project_id}/persons/batch_by_uuids/',
        { body: { uuids: [...ids] } },
        options,
      )
  return Object.values(results).map(({ uuid }) => uuid)
}
