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
import type { GroupIndex, ProjectRegistry } from './project-names.ts'
import type { CallOptions, ListItem, ListOptions, QueryOf, RequestInput, ResponseOf } from './requester.ts'
import type { Resource } from './verbs.ts'

const all = '/api/projects/{project_id}/groups/'
const types = '/api/projects/{project_id}/groups_types/'

/** A group, such as a company. */
export interface Group extends ResponseOf<`GET ${typeof all}find/`> {}

/** Identifies a group by group type index and key. */
export type GroupKey<Project = ProjectRegistry> = Of<QueryOf<`GET ${typeof all}find/`>, Project>

/** A query string with a group type of a project. */
type Of<Query, Project> = Query & { readonly group_type_index: GroupIndex<Project> }

/** Groups of persons, such as companies. Each group type has an index; see `types`. */
export interface Groups<Project = ProjectRegistry> {
  /**
   * Lists the groups of a type, newest first. PostHog returns 100 per page and ignores `limit`.
   *
   * @example for await (const group of posthog.groups.list({ group_type_index: 0 })) console.log(group.group_key)
   */
  list(
    filters: Of<QueryOf<`GET ${typeof all}`>, Project>,
    options?: ListOptions,
  ): List<ListItem<`GET ${typeof all}`>>
  /** Creates a group. */
  create: BodyMethod<`POST ${typeof all}`>
  /**
   * Reads a group by key.
   *
   * @throws NotFoundError if it does not exist
   * @example const acme = await posthog.groups.find({ group_type_index: 0, group_key: 'acme' })
   */
  find: QueryMethod<`GET ${typeof all}find/`>
  /** Lists persons and groups that share events with a group. */
  related: QueryMethod<`GET ${typeof all}related/`>
  /**
   * Sets a property of a group.
   *
   * @example await posthog.groups.updateProperty({ group_type_index: 0, group_key: 'acme' }, { key: 'plan', value: 'pro' })
   */
  updateProperty(
    group: GroupKey<Project>,
    property: { readonly key: string; readonly value: unknown },
    options?: CallOptions,
  ): APIPromise<void>
  /** Deletes a property of a group. */
  deleteProperty(group: GroupKey<Project>, name: string, options?: CallOptions): APIPromise<void>
  /** Returns the properties of each group type. */
  propertyDefinitions: OptionalQueryMethod<`GET ${typeof all}property_definitions/`>
  /** Returns the values of a property. */
  propertyValues: QueryMethod<`GET ${typeof all}property_values/`>
  /** Lists the activity of a group, newest first. */
  activity(
    filters: QueryOf<`GET ${typeof all}activity/`>,
    options?: ListOptions,
  ): List<ListItem<`GET ${typeof all}activity/`>>
  /** Lists the group types and their indexes. */
  types(options?: ListOptions): List<ListItem<`GET ${typeof types}`>>
}

/** Creates the groups resource. */
export const createGroups: Resource<Groups> = (api) => ({
  list: (query, options) => api.list(`GET ${all}`, { query }, options),
  create: method(api, `POST ${all}`, 'body'),
  find: method(api, `GET ${all}find/`, 'query'),
  related: method(api, `GET ${all}related/`, 'query'),
  // The responses to these two have no body.
  updateProperty: (group, property, options) => {
    const input = (): RequestInput<`POST ${typeof all}update_property/`> => {
      requireObject('group', group)
      requireObject('property', property)
      requireText('key', property.key)
      if (property.value === undefined) throw unexpected('`value`', undefined, 'a JSON value')
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
  types: (options) => api.list(`GET ${types}`, {}, options),
})
