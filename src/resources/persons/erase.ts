import { checkBoolean, type OptionNames, refuseUnknown } from '../../runtime/config/check-options.ts'
import { AuthenticationError, PermissionError } from '../../runtime/errors/api-errors.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { assertNotString } from '../check-arguments.ts'
import { inChunks } from '../delete-many.ts'
import type { BodyOf, CallOptions, Requester, ResponseOf } from '../requester.ts'

const bulkDelete = 'POST /api/projects/{project_id}/persons/bulk_delete/'
const lookUp = 'POST /api/projects/{project_id}/persons/batch_by_distinct_ids/'
/** Ids that PostHog takes at once (PostHog/posthog posthog/api/person.py). */
const most = 1_000
/** Distinct ids that PostHog looks up at once. */
const mostLookedUp = 200

/** Whom to erase, and what of them. */
export interface Erasure {
  /** Any of the ids that a person is known by. Or name persons by `personIds`. */
  readonly distinctIds?: Iterable<string> | AsyncIterable<string> | undefined
  /** Uuids of persons. */
  readonly personIds?: Iterable<string> | AsyncIterable<string> | undefined
  /** Deletes their events too; PostHog does that on Sundays, 5:00 UTC. Default: `true`. */
  readonly deleteEvents?: boolean | undefined
  /** Deletes their recordings too. Default: `true`. */
  readonly deleteRecordings?: boolean | undefined
  /** Keeps the persons themselves, with their properties. Default: `false`. */
  readonly keepPersons?: boolean | undefined
  /** Only counts the persons. Default: `false`. */
  readonly dryRun?: boolean | undefined
}

/** What was erased, for the record. */
export interface ErasureReceipt {
  readonly dryRun: boolean
  /** Ids that were given, each counted once. */
  readonly requested: number
  /** Persons that PostHog found. */
  readonly found: number
  /** Persons that PostHog deleted at once. Their events and recordings follow later: see `persons.deletions`. */
  readonly deleted: number
  /** Persons that PostHog found and deletes in the background. */
  readonly queued: number
  /** Ids of requests that PostHog accepted without saying whom it found. */
  readonly unreported: number
  readonly eventsQueued: boolean
  readonly recordingsQueued: boolean
  /** Persons that PostHog could not delete, by uuid. */
  readonly refused: readonly string[]
  /** Ids of requests that failed; whether PostHog acted on them is not known. Erasing again does no harm. */
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

/** Erases persons, 1,000 at a time. */
export async function erase(
  api: Requester,
  whom: Erasure,
  options: CallOptions = {},
): Promise<ErasureReceipt> {
  // A misspelled `dryRun` would delete.
  refuseUnknown('persons.erase', whom, erasureNames)
  const {
    distinctIds,
    personIds,
    deleteEvents = true,
    deleteRecordings = true,
    keepPersons = false,
    dryRun = false,
  } = Object(whom) as Erasure
  for (const [name, value] of Object.entries({ deleteEvents, deleteRecordings, keepPersons, dryRun })) {
    checkBoolean(name, value)
  }
  const ids = distinctIds ?? personIds
  if (ids === undefined || (distinctIds !== undefined && personIds !== undefined)) {
    throw new ConfigurationError({
      message: 'An erasure needs either `distinctIds` or `personIds`.',
      fix: 'Name the persons by one of the two.',
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
  /** Persons that a dry run found; one may be known by ids of several chunks. */
  const persons = new Set<string>()
  let hopeless: unknown
  for await (const chunk of inChunks(ids, dryRun ? mostLookedUp : most)) {
    options.signal?.throwIfAborted()
    const fresh = [...new Set(chunk)].filter((id) => !seen.has(id))
    for (const id of fresh) seen.add(id)
    total.requested += fresh.length
    if (fresh.length === 0) continue
    try {
      if (hopeless !== undefined) throw hopeless
      if (dryRun) {
        for (const id of await lookUpPersons(api, distinctIds !== undefined, fresh, options)) persons.add(id)
        total.found = persons.size
        continue
      }
      const named = distinctIds === undefined ? { ids: fresh } : { distinct_ids: fresh }
      const body = {
        ...named,
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
      // What the key may not do will not work for the next ones either.
      if (error instanceof AuthenticationError || error instanceof PermissionError) hopeless = error
      failed.push({ ids: fresh, error })
    }
  }
  return { dryRun, ...total, refused, failed, at: new Date() }
}

/** What PostHog says of a deletion; undefined when it accepts one without a body. */
async function requestDeletion(
  api: Requester,
  body: BodyOf<typeof bulkDelete>,
  options: CallOptions,
): Promise<ResponseOf<typeof bulkDelete> | undefined> {
  const call = api.request(bulkDelete, { body }, options)
  const response = await call.asResponse()
  return (await response.text()).trim() === '' ? undefined : call
}

/** Uuids of those that PostHog knows. */
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
