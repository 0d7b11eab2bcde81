import { unexpected } from '../runtime/config/check-options.ts'
import type { List } from '../runtime/paging/list.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { requireObject, requireText } from './check-arguments.ts'
import {
  type BodyMethod,
  checkedCall,
  method,
  type OptionalQueryMethod,
  type QueryMethod,
} from './methods.ts'
import type { CallOptions, ListItem, ListOptions, QueryOf, RequestInput, ResponseOf } from './requester.ts'
import type { Resource } from './verbs.ts'

const all = '/api/projects/{project_id}/groups/'
const kinds = '/api/projects/{project_id}/groups_types/'

/** A group, such as a company. */
export type Group = ResponseOf<`GET ${typeof all}find/`>

/** Names a group: its kind, by number, and its key. */
export type GroupKey = QueryOf<`GET ${typeof all}find/`>

/** Groups, such as companies, to which persons belong. A kind of group has a number, which `types` tells. */
export interface Groups {
  /**
   * The groups of a kind, newest first. PostHog gives 100 at a time whatever `limit` says.
   *
   * @example for await (const group of posthog.groups.list({ group_type_index: 0 })) console.log(group.group_key)
   */
  list(filters: QueryOf<`GET ${typeof all}`>, options?: ListOptions): List<ListItem<`GET ${typeof all}`>>
  /** Creates a group. */
  create: BodyMethod<`POST ${typeof all}`>
  /**
   * A group by its key.
   *
   * @throws NotFoundError when there is none
   * @example const acme = await posthog.groups.find({ group_type_index: 0, group_key: 'acme' })
   */
  find: QueryMethod<`GET ${typeof all}find/`>
  /** Persons and groups that a group had events with. */
  related: QueryMethod<`GET ${typeof all}related/`>
  /**
   * Sets a property of a group.
   *
   * @example await posthog.groups.updateProperty({ group_type_index: 0, group_key: 'acme' }, { key: 'plan', value: 'pro' })
   */
  updateProperty(
    group: GroupKey,
    property: { readonly key: string; readonly value: unknown },
    options?: CallOptions,
  ): APIPromise<void>
  /** Takes a property from a group. */
  deleteProperty(group: GroupKey, name: string, options?: CallOptions): APIPromise<void>
  /** The properties of each kind of group. */
  propertyDefinitions: OptionalQueryMethod<`GET ${typeof all}property_definitions/`>
  /** Values that a property has. */
  propertyValues: QueryMethod<`GET ${typeof all}property_values/`>
  /** What was done with a group. */
  activity(
    filters: QueryOf<`GET ${typeof all}activity/`>,
    options?: ListOptions,
  ): List<ListItem<`GET ${typeof all}activity/`>>
  /** The kinds of groups, each with its number. */
  types(options?: ListOptions): List<ListItem<`GET ${typeof kinds}`>>
}

/** Binds groups to a client. */
export const createGroups: Resource<Groups> = (api) => ({
  list: (query, options) => api.list(`GET ${all}`, { query }, options),
  create: method(api, `POST ${all}`, 'body'),
  find: method(api, `GET ${all}find/`, 'query'),
  related: method(api, `GET ${all}related/`, 'query'),
  // These two answer nothing.
  updateProperty: (group, property, options) => {
    const input = (): RequestInput<`POST ${typeof all}update_property/`> => {
      requireObject('group', group)
      requireObject('property', property)
      requireText('key', property.key)
      if (property.value === undefined) throw unexpected('`value`', undefined, 'what the property is to be')
      return { query: group, body: { key: property.key, value: property.value } }
    }
    return checkedCall(api, `POST ${all}update_property/`, input, options) as APIPromise<never>
  },
  deleteProperty: (group, name, options) => {
    const input = (): RequestInput<`POST ${typeof all}delete_property/`> => {
      requireObject('group', group)
      requireText('name', name)
      return { query: group, body: { $unset: name } }
    }
    return checkedCall(api, `POST ${all}delete_property/`, input, options) as APIPromise<never>
  },
  propertyDefinitions: method(api, `GET ${all}property_definitions/`, 'query?'),
  propertyValues: method(api, `GET ${all}property_values/`, 'query'),
  activity: (query, options) => api.list(`GET ${all}activity/`, { query }, options),
  types: (options) => api.list(`GET ${kinds}`, {}, options),
})
