import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { activity, type HasActivity } from '../capabilities.ts'
import { requireId, requireObject, requireText } from '../check-arguments.ts'
import { inChunks } from '../delete-many.ts'
import { checkedCall, listMethod, type NestedListMethod } from '../methods.ts'
import type { CallOptions, Requester, ResponseOf } from '../requester.ts'
import { type Collection, collection, type Resource, type SoftDeletable, softDeletes } from '../verbs.ts'
import { type PersonKeys, type ResolvedPersons, resolvePersons } from './resolve-persons.ts'

const all = '/api/projects/{project_id}/cohorts/'
const one = '/api/projects/{project_id}/cohorts/{id}/'
/** Persons that are added in one request. */
const mostPersons = 1_000

/** A set of persons. */
export type Cohort = ResponseOf<`GET ${typeof one}`>

/** Persons that were put into a cohort. */
export interface AddedPersons {
  /** Persons that are in it now; those that were in it before are among them. */
  readonly added: number
  readonly missing: ResolvedPersons['missing']
}

/** A static cohort that is to be made. */
export interface StaticCohort extends PersonKeys {
  readonly name: string
  readonly description?: string | undefined
}

/** Sets of persons: by what is true of them, or static by a list. */
export interface Cohorts
  extends Collection<typeof all, typeof one>,
    SoftDeletable<`PATCH ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`> {
  /**
   * Makes a static cohort of persons, by uuid, distinct id or e-mail address.
   *
   * @example
   * const { cohort, missing } = await posthog.cohorts.createStatic({ name: 'CRM: churned', emails })
   */
  createStatic(
    cohort: StaticCohort,
    options?: CallOptions,
  ): Promise<{ readonly cohort: ResponseOf<`POST ${typeof all}`> } & AddedPersons>
  /**
   * Puts persons into a static cohort, by uuid, distinct id or e-mail address, in batches.
   *
   * @throws BadRequestError when the cohort is not static
   * @example const { added, missing } = await posthog.cohorts.addPersons(7, { distinctIds: ['user-1', 'user-2'] })
   */
  addPersons(id: number, persons: PersonKeys, options?: CallOptions): Promise<AddedPersons>
  /** Takes a person out of a static cohort, by uuid. */
  removePerson(
    id: number,
    personId: string,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`PATCH ${typeof one}remove_person_from_static_cohort/`>>
  /**
   * The persons of a cohort.
   *
   * @example for await (const person of posthog.cohorts.persons(7)) console.log(person.distinct_ids)
   */
  persons: NestedListMethod<`GET ${typeof one}persons/`>
  /** When the cohort was computed, how long that took and what came of it. */
  calculationHistory: NestedListMethod<`GET ${typeof one}calculation_history/`>
}

/** Binds cohorts to a client. */
export const createCohorts: Resource<Cohorts> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  ...activity(api, `GET ${one}activity/`),
  createStatic: async (cohortToMake, options) => {
    requireObject('cohort', cohortToMake)
    const { name, description, ...keys } = cohortToMake
    requireText('name', name)
    // Whoever cannot be looked up is known before anything is made.
    const { personIds, missing } = await resolvePersons(api, keys, options)
    const body = { name, is_static: true, ...(description === undefined ? {} : { description }) }
    const cohort = await api.request(`POST ${all}`, { body }, options)
    try {
      await add(api, cohort.id, personIds, options)
    } catch (error) {
      api.log.warn(
        `The cohort ${cohort.id} was made, and not all of its persons are in it: see \`cohorts.addPersons\`.`,
      )
      throw error
    }
    return { cohort, added: personIds.length, missing }
  },
  addPersons: async (id, keys, options) => {
    requireId('id', id)
    const { personIds, missing } = await resolvePersons(api, keys, options)
    await add(api, id, personIds, options)
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
})

async function add(
  api: Requester,
  id: number,
  personIds: readonly string[],
  options: CallOptions | undefined,
): Promise<void> {
  const route = `PATCH ${one}add_persons_to_static_cohort/` as const
  for await (const person_ids of inChunks(personIds, mostPersons)) {
    await api.request(route, { path: { id }, body: { person_ids } }, options)
  }
}
