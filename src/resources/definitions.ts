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
export interface EventDefinition extends ResponseOf<`GET ${typeof eventDefinition}`> {}

/** Generated code for the events of a project. `schema_hash` changes with the schemas of the events. */
export type EventDefinitionCode = ResponseOf<`GET ${typeof eventDefinitions}typescript/`>

/** Event definitions: description, owner, tags and verification. */
export interface EventDefinitions
  extends Collection<typeof eventDefinitions, typeof eventDefinition>,
    HardDeletable<`DELETE ${typeof eventDefinition}`>,
    HasTags<`POST ${typeof eventDefinitions}bulk_update_tags/`> {
  /**
   * Adds, removes or replaces the tags of several definitions. PostHog's schema does not open this operation to personal
   * API keys, so PostHog probably returns 403.
   *
   * @example await posthog.eventDefinitions.updateTags({ action: 'add', ids: [id], tags: ['billing'] })
   */
  updateTags: HasTags<`POST ${typeof eventDefinitions}bulk_update_tags/`>['updateTags']
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
  /**
   * Returns how often queries use the event. PostHog's schema does not open this operation to personal API keys, so
   * PostHog probably returns 403.
   */
  metrics: IdMethod<`GET ${typeof eventDefinition}metrics/`>
  /**
   * Generates Go code that captures the project's events. Types come from the schemas of the events.
   *
   * @example const { content } = await posthog.eventDefinitions.golang()
   */
  golang(options?: CallOptions): APIPromise<EventDefinitionCode>
  /**
   * Generates Python code that captures the project's events. Types come from the schemas of the events.
   *
   * @example const { content } = await posthog.eventDefinitions.python()
   */
  python(options?: CallOptions): APIPromise<EventDefinitionCode>
  /**
   * Generates TypeScript declarations for the project's events. Types come from the schemas of the events.
   *
   * @example const { content, event_count } = await posthog.eventDefinitions.typescript()
   */
  typescript(options?: CallOptions): APIPromise<EventDefinitionCode>
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
  golang: (options) => api.request(`GET ${eventDefinitions}golang/`, {}, options),
  python: (options) => api.request(`GET ${eventDefinitions}python/`, {}, options),
  typescript: (options) => api.request(`GET ${eventDefinitions}typescript/`, {}, options),
})

const propertyDefinitions = '/api/projects/{project_id}/property_definitions/'
const propertyDefinition = '/api/projects/{project_id}/property_definitions/{id}/'

/** The definition of a property. */
export interface PropertyDefinition extends ResponseOf<`GET ${typeof propertyDefinition}`> {}

/** Definitions of event, person and group properties. PostHog creates them from captured events. */
export interface PropertyDefinitions
  extends Listable<`GET ${typeof propertyDefinitions}`>,
    Readable<`GET ${typeof propertyDefinition}`>,
    Updatable<`PATCH ${typeof propertyDefinition}`>,
    HardDeletable<`DELETE ${typeof propertyDefinition}`>,
    HasTags<`POST ${typeof propertyDefinitions}bulk_update_tags/`> {
  /**
   * Adds, removes or replaces the tags of several definitions. PostHog's schema does not open this operation to personal
   * API keys, so PostHog probably returns 403.
   *
   * @example await posthog.propertyDefinitions.updateTags({ action: 'add', ids: [id], tags: ['billing'] })
   */
  updateTags: HasTags<`POST ${typeof propertyDefinitions}bulk_update_tags/`>['updateTags']
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
