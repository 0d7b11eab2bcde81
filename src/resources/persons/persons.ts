import type { List } from '../../runtime/paging/list.ts'
import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { activity, type HasActivity } from '../capabilities.ts'
import { notFound, requireText } from '../check-arguments.ts'
import type { CaptureOptions, CaptureResult } from '../events/capture.ts'
import {
  type IdBodyMethod,
  type IdQueryMethod,
  type ListMethod,
  listMethod,
  method,
  type QueryMethod,
} from '../methods.ts'
import type { CallOptions, ListItem, ListOptions, ResponseOf } from '../requester.ts'
import type { Listable, Readable, Resource, Updatable } from '../verbs.ts'
import { type Erasure, type ErasureReceipt, erase } from './erase.ts'
import { type Identification, identify } from './identify.ts'

const all = '/api/projects/{project_id}/persons/'
const one = '/api/projects/{project_id}/persons/{id}/'

/** A person. */
export interface Person extends ResponseOf<`GET ${typeof one}`> {}

/** Persons, by UUID. Requests share PostHog's analytics limit with events: 240 per minute. */
export interface Persons
  extends Listable<`GET ${typeof all}`>,
    Readable<`GET ${typeof one}`>,
    Updatable<`PATCH ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`> {
  /**
   * Reads the person with a distinct id.
   *
   * @throws NotFoundError if there is none
   * @example const { properties } = await posthog.persons.getByDistinctId('user-1')
   */
  getByDistinctId(distinctId: string, options?: CallOptions): Promise<ListItem<`GET ${typeof all}`>>
  /**
   * Lists persons whose email address or distinct id contains a string.
   *
   * @example for await (const person of posthog.persons.search('@example.com')) console.log(person.name)
   */
  search(text: string, options?: ListOptions): List<ListItem<`GET ${typeof all}`>>
  /**
   * Identifies a person by capturing `$identify`, as PostHog's SDKs do. PostHog creates the person if there is none,
   * sets the properties, and merges the person of `anonymousId`.
   *
   * @throws ConfigurationError for invalid arguments; UnsentEventsError if the event was not captured
   * @example await posthog.persons.identify('user-1', { set: { plan: 'pro' }, anonymousId: 'anon-7' })
   */
  identify(
    distinctId: string,
    identification?: Identification,
    options?: CaptureOptions,
  ): Promise<CaptureResult>
  /**
   * Sets a property of a person.
   *
   * @example await posthog.persons.updateProperty(uuid, { key: 'plan', value: 'pro' })
   */
  updateProperty: IdBodyMethod<`POST ${typeof one}update_property/`>
  /** Deletes a property of a person. */
  deleteProperty(
    id: string,
    name: string,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof one}delete_property/`>>
  /** Splits a person into one person per distinct id. `mainDistinctId` keeps the properties. */
  split(
    id: string,
    keep?: { readonly mainDistinctId?: string | undefined },
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof one}split/`>>
  /**
   * Returns how a person's properties changed over time. PostHog's schema does not open this operation to personal API
   * keys, so PostHog probably returns 403.
   */
  propertiesTimeline: IdQueryMethod<`GET ${typeof one}properties_timeline/`>
  /** Returns the values of a person property. */
  values: QueryMethod<`GET ${typeof all}values/`>
  /**
   * Erases persons with their events and recordings, 1,000 per request. The receipt lists persons that PostHog could
   * not delete and requests that failed.
   *
   * @throws ConfigurationError unless exactly one of `distinctIds` and `personIds` is given
   * @example
   * const receipt = await posthog.persons.erase({ distinctIds: ['user-1'] })
   * console.log(receipt.deleted, receipt.failed)
   */
  erase(erasure: Erasure, options?: CallOptions): Promise<ErasureReceipt>
  /** Lists pending and completed deletions of events and recordings. */
  deletions: ListMethod<`GET ${typeof all}deletion_status/`>
}

/** Creates the persons resource. */
export const createPersons: Resource<Persons> = (api) => ({
  list: listMethod(api, `GET ${all}`, 'query?'),
  get: method(api, `GET ${one}`, 'id'),
  update: method(api, `PATCH ${one}`, 'id, body'),
  ...activity(api, `GET ${one}activity/`),
  getByDistinctId: async (distinct_id, options) => {
    requireText('distinctId', distinct_id)
    const { items } = await api.list(`GET ${all}`, { query: { distinct_id, limit: 1 } }, options)
    const [found] = items
    if (found === undefined) throw notFound(`GET ${all}`, `person with the distinct id "${distinct_id}"`)
    return found
  },
  search: (search, options) => {
    requireText('text', search)
    return api.list(`GET ${all}`, { query: { search } }, options)
  },
  identify: async (distinctId, identification, options) => {
    return identify(api, distinctId, identification, options)
  },
  updateProperty: method(api, `POST ${one}update_property/`, 'id, body'),
  deleteProperty: (id, name, options) => {
    return api.request(`POST ${one}delete_property/`, { path: { id }, body: { $unset: name } }, options)
  },
  split: (id, { mainDistinctId } = {}, options = {}) => {
    const body = mainDistinctId === undefined ? {} : { main_distinct_id: mainDistinctId }
    return api.request(`POST ${one}split/`, { path: { id }, body }, options)
  },
  propertiesTimeline: method(api, `GET ${one}properties_timeline/`, 'id, query?'),
  values: method(api, `GET ${all}values/`, 'query?'),
  erase: async (erasure, options) => erase(api, erasure, options),
  deletions: listMethod(api, `GET ${all}deletion_status/`, 'query?'),
})
