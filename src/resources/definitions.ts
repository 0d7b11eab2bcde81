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

/** The definition of an event. */
export type EventDefinition = ResponseOf<`GET ${typeof eventDefinition}`>

/** Event definitions: description, owner, tags and verification. */
export interface EventDefinitions
  extends Collection<typeof eventDefinitions, typeof eventDefinition>,
    HardDeletable<`DELETE ${typeof eventDefinition}`>,
    HasTags<`POST ${typeof eventDefinitions}bulk_update_tags/`> {
  /**
   * Reads an event definition by event name.
   *
   * @throws NotFoundError if PostHog has never seen the event
   * @example const { last_seen_at } = await posthog.eventDefinitions.getByName('$pageview')
   */
  getByName(
    name: string,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`GET ${typeof eventDefinitions}by_name/`>>
  /** Returns how often queries use the event. */
  metrics: IdMethod<`GET ${typeof eventDefinition}metrics/`>
}

/** Creates the event definitions resource. */
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

/** The definition of a property. */
export type PropertyDefinition = ResponseOf<`GET ${typeof propertyDefinition}`>

/** Definitions of event, person and group properties. PostHog creates them from captured events. */
export interface PropertyDefinitions
  extends Listable<`GET ${typeof propertyDefinitions}`>,
    Readable<`GET ${typeof propertyDefinition}`>,
    Updatable<`PATCH ${typeof propertyDefinition}`>,
    HardDeletable<`DELETE ${typeof propertyDefinition}`>,
    HasTags<`POST ${typeof propertyDefinitions}bulk_update_tags/`> {
  /**
   * Tells which of the given events have ever had a property.
   *
   * @example
   * const seen = await posthog.propertyDefinitions.seenTogether({ event_names: ['$pageview'], property_name: 'plan' })
   */
  seenTogether: QueryMethod<`GET ${typeof propertyDefinitions}seen_together/`>
}

/** Creates the property definitions resource. */
export const createPropertyDefinitions: Resource<PropertyDefinitions> = (api) => ({
  list: listMethod(api, `GET ${propertyDefinitions}`, 'query?'),
  get: method(api, `GET ${propertyDefinition}`, 'id'),
  update: method(api, `PATCH ${propertyDefinition}`, 'id, body'),
  ...hardDeletes(api, propertyDefinition),
  ...tags(api, `POST ${propertyDefinitions}bulk_update_tags/`),
  seenTogether: method(api, `GET ${propertyDefinitions}seen_together/`, 'query'),
})
