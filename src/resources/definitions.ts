import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { type HasTags, tags } from './capabilities.ts'
import { requireText } from './check-arguments.ts'
import { checkedCall, type IdMethod, listMethod, method, type QueryMethod } from './methods.ts'
import type { CallOptions, ResponseOf } from './requester.ts'
import {
  type Collection,
  collection,
  type HardDeletable,
  hardDeletes,
  type Listable,
  type Readable,
  type Resource,
  type Updatable,
} from './verbs.ts'

const eventDefinitions = '/api/projects/{project_id}/event_definitions/'
const eventDefinition = '/api/projects/{project_id}/event_definitions/{id}/'

/** What a project says of an event. */
export type EventDefinition = ResponseOf<`GET ${typeof eventDefinition}`>

/** What a project says of its events: description, owner, tags, verified or not. */
export interface EventDefinitions
  extends Collection<typeof eventDefinitions, typeof eventDefinition>,
    HardDeletable<`DELETE ${typeof eventDefinition}`>,
    HasTags<`POST ${typeof eventDefinitions}bulk_update_tags/`> {
  /**
   * The definition of an event, by its name.
   *
   * @throws NotFoundError when no such event was seen
   * @example const { last_seen_at } = await posthog.eventDefinitions.getByName('$pageview')
   */
  getByName(
    name: string,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`GET ${typeof eventDefinitions}by_name/`>>
  /** How much the event is used in queries. */
  metrics: IdMethod<`GET ${typeof eventDefinition}metrics/`>
}

/** Binds event definitions to a client. */
export const createEventDefinitions: Resource<EventDefinitions> = (api) => ({
  ...collection(api, eventDefinitions, eventDefinition),
  ...hardDeletes(api, eventDefinition),
  ...tags(api, `POST ${eventDefinitions}bulk_update_tags/`),
  getByName: (name, options) => {
    const input = (): { readonly query: { readonly name: string } } => {
      requireText('name', name)
      return { query: { name } }
    }
    return checkedCall(api, `GET ${eventDefinitions}by_name/`, input, options)
  },
  metrics: method(api, `GET ${eventDefinition}metrics/`, 'id'),
})

const propertyDefinitions = '/api/projects/{project_id}/property_definitions/'
const propertyDefinition = '/api/projects/{project_id}/property_definitions/{id}/'

/** What a project says of a property. */
export type PropertyDefinition = ResponseOf<`GET ${typeof propertyDefinition}`>

/** What a project says of the properties of its events, persons and groups. They come with the events. */
export interface PropertyDefinitions
  extends Listable<`GET ${typeof propertyDefinitions}`>,
    Readable<`GET ${typeof propertyDefinition}`>,
    Updatable<`PATCH ${typeof propertyDefinition}`>,
    HardDeletable<`DELETE ${typeof propertyDefinition}`>,
    HasTags<`POST ${typeof propertyDefinitions}bulk_update_tags/`> {
  /**
   * Which of some events were ever seen with a property.
   *
   * @example
   * const seen = await posthog.propertyDefinitions.seenTogether({ event_names: ['$pageview'], property_name: 'plan' })
   */
  seenTogether: QueryMethod<`GET ${typeof propertyDefinitions}seen_together/`>
}

/** Binds property definitions to a client. */
export const createPropertyDefinitions: Resource<PropertyDefinitions> = (api) => ({
  list: listMethod(api, `GET ${propertyDefinitions}`, 'query?'),
  get: method(api, `GET ${propertyDefinition}`, 'id'),
  update: method(api, `PATCH ${propertyDefinition}`, 'id, body'),
  ...hardDeletes(api, propertyDefinition),
  ...tags(api, `POST ${propertyDefinitions}bulk_update_tags/`),
  seenTogether: method(api, `GET ${propertyDefinitions}seen_together/`, 'query'),
})
