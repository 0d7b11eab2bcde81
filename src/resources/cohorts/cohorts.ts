import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { activity, type HasActivity } from '../capabilities.ts'
import { requireId, requireObject, requireText } from '../check-arguments.ts'
import { inChunks } from '../delete-many.ts'
import { checkedCall, type IdMethod, listMethod, method, type NestedListMethod } from '../methods.ts'
import type { CallOptions, Requester, ResponseOf } from '../requester.ts'
import { type Collection, collection, type Resource, type SoftDeletable, softDeletes } from '../verbs.ts'
import { type PersonKeys, type ResolvedPersons, resolvePersons } from './resolve-persons.ts'

const all = '/api/projects/{project_id}/cohorts/'
const one = '/api/projects/{project_id}/cohorts/{id}/'
/** Maximum number of persons per request. */
const maxPersons = 1_000

/** A cohort. */
export interface Cohort extends ResponseOf<`GET ${typeof one}`> {}

/** Outcome of adding persons to a static cohort. */
export interface AddedPersons {
  /** Number of persons added, including those that were in the cohort already. */
  readonly added: number
  /** Identifiers that match no person. */
  readonly missing: ResolvedPersons['missing']
}

/** A static cohort to create, with its persons. */
export interface StaticCohort extends PersonKeys {
  readonly name: string
  readonly description?: string | undefined
}

/** Cohorts: dynamic (by filters) or static (by list). */
export interface Cohorts
  extends Collection<typeof all, typeof one>,
    SoftDeletable<`PATCH ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`> {
  /**
   * Creates a static cohort from person UUIDs, distinct ids or email addresses.
   *
   * @example
   * const { cohort, missing } = await posthog.cohorts.createStatic({ name: 'CRM: churned', emails })
   */
  createStatic(
    cohort: StaticCohort,
    options?: CallOptions,
  ): Promise<{ readonly cohort: ResponseOf<`POST ${typeof all}`> } & AddedPersons>
  /**
   * Adds persons to a static cohort by UUID, distinct id or email address, 1,000 per request.
   *
   * @throws BadRequestError if the cohort is not static
   * @example const { added, missing } = await posthog.cohorts.addPersons(7, { distinctIds: ['user-1', 'user-2'] })
   */
  addPersons(id: number, persons: PersonKeys, options?: CallOptions): Promise<AddedPersons>
  /** Removes a person from a static cohort, by UUID. */
  removePerson(
    id: number,
    personId: string,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`PATCH ${typeof one}remove_person_from_static_cohort/`>>
  /**
   * Lists the persons in a cohort.
   *
   * @example for await (const person of posthog.cohorts.persons(7)) console.log(person.distinct_ids)
   */
  persons: NestedListMethod<`GET ${typeof one}persons/`>
  /** Lists past calculations of a cohort: time, duration and outcome. */
  calculationHistory: NestedListMethod<`GET ${typeof one}calculation_history/`>
  /**
   * Returns the feature flags, insights and cohorts that use a cohort, up to 100 of each with the `total`.
   *
   * @throws NotFoundError if it does not exist
   * @example const { feature_flags } = await posthog.cohorts.usedIn(7)
   */
  usedIn: IdMethod<`GET ${typeof one}used_in/`>
}

/** Creates the cohorts resource. */
export const createCohorts: Resource<Cohorts> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  ...activity(api, `GET ${one}activity/`),
  createStatic: async (staticCohort, options) => {
    requireObject('cohort', staticCohort)
    const { name, description, ...keys } = staticCohort
    requireText('name', name)
    // Resolve persons first, so that a failed lookup creates no cohort.
    const { personIds, missing } = await resolvePersons(api, keys, options)
    const body = { name, is_static: true, ...(description === undefined ? {} : { description }) }
    const cohort = await api.request(`POST ${all}`, { body }, options)
    try {
      await addInBatches(api, cohort.id, personIds, options)
    } catch (error) {
      api.log.warn(
        `Created cohort ${cohort.id}, but not all persons were added. Add them again with \`cohorts.addPersons\`.`,
      )
      throw error
    }
    return { cohort, added: personIds.length, missing }
  },
  addPersons: async (id, keys, options) => {
    requireId('id', id)
    const { personIds, missing } = await resolvePersons(api, keys, options)
    await addInBatches(api, id, personIds, options)
    return { added: personIds.length, missing }
  },
  removePerson: (id, person_id, options) => {
    const input = (): {
      readonly path: { readonly id: number }
      readonly body: { readonly person_id: string }
    } => {
      requireText('personId', person_id)
      return { path: { id }, body: { person_id } }
    }
    return checkedCall(api, `PATCH ${one}remove_person_from_static_cohort/`, input, options)
  },
  persons: listMethod(api, `GET ${one}persons/`, 'id, query?'),
  calculationHistory: listMethod(api, `GET ${one}calculation_history/`, 'id, query?'),
  usedIn: method(api, `GET ${one}used_in/`, 'id'),
})

async function addInBatches(
  api: Requester,
  id: number,
  personIds: readonly string[],
  options: CallOptions | undefined,
): Promise<void> {
  const route = `PATCH ${one}add_persons_to_static_cohort/` as const
  for await (const person_ids of inChunks(personIds, maxPersons)) {
    await api.request(route, { path: { id }, body: { person_ids } }, options)
  }
}
