import { type OptionNames, refuseUnknown } from '../../runtime/config/check-options.ts'
import { count } from '../../runtime/config/resolve.ts'
import type { List } from '../../runtime/paging/list.ts'
import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { requireList, requireObject } from '../check-arguments.ts'
import { checkedCall, type IdQueryMethod, listMethod, method, type NestedListMethod } from '../methods.ts'
import type { BodyOf, CallOptions, ListItem, ListOptions, QueryOf, ResponseOf } from '../requester.ts'
import { type Creatable, type HardDeletable, hardDeletes, type Resource, type Updatable } from '../verbs.ts'
import type { AtVersion, EndpointObject, ListEndpoints } from './endpoint.ts'
import {
  type EndpointMaterializationStatus,
  type WaitForTable,
  waitUntilMaterialized,
} from './wait-until-materialized.ts'

const all = '/api/projects/{project_id}/endpoints/'
const one = '/api/projects/{project_id}/endpoints/{name}/'

/** What is wanted of an endpoint's log. */
export type EndpointLogFilters = Omit<QueryOf<`GET ${typeof one}logs/`>, 'instance_id'> & {
  /** Only what one run logged: `executionId` of its result. */
  readonly executionId?: string | undefined
}

/** Makes and changes the team's own endpoints. */
export interface ManageEndpoints
  extends Creatable<`POST ${typeof all}`>,
    Updatable<`PATCH ${typeof one}`>,
    HardDeletable<`DELETE ${typeof one}`> {
  /**
   * The endpoints of the project: await it for the first page, loop over it for all. Needs a personal API key with
   * `endpoint:read`.
   *
   * @example
   * for await (const endpoint of posthog.endpoints.list()) console.log(endpoint.name)
   */
  list(filters?: ListEndpoints, options?: ListOptions): List<EndpointObject>

  /** One endpoint, at a version if you name one. Needs a personal API key with `endpoint:read`. */
  get(name: string, at?: AtVersion, options?: CallOptions): Promise<EndpointObject>

  /**
   * The OpenAPI document that PostHog writes for one endpoint. Needs a personal API key: project secret keys are
   * refused here, although they may run endpoints.
   */
  openapi(name: string, at?: AtVersion, options?: CallOptions): Promise<unknown>
  /**
   * All versions of an endpoint, newest first. A change of the query makes a new one.
   *
   * @example for await (const { version, is_active } of posthog.endpoints.versions('signups')) console.log(version, is_active)
   */
  versions: NestedListMethod<`GET ${typeof one}versions/`>
  /** Lets an endpoint, or one version of it, be run again. */
  activate(name: string, at?: AtVersion, options?: CallOptions): APIPromise<ResponseOf<`PATCH ${typeof one}`>>
  /**
   * Ends an endpoint, or one version of it: running it answers 404 from then on.
   *
   * @example await posthog.endpoints.retire('signups', { version: 1 })
   */
  retire(name: string, at?: AtVersion, options?: CallOptions): APIPromise<ResponseOf<`PATCH ${typeof one}`>>
  /** How the table of a materialised endpoint stands. */
  materializationStatus: IdQueryMethod<`GET ${typeof one}materialization_status/`>
  /** What PostHog would make of the query to materialise it, or why it cannot. */
  materializationPreview(
    name: string,
    body?: BodyOf<`POST ${typeof one}materialization_preview/`>,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof one}materialization_preview/`>>
  /**
   * Waits until the table of an endpoint is there, at most `totalTimeout` (default: 600,000 ms).
   *
   * @throws MaterializationError when the table will not come; TotalTimeoutError when it takes too long
   * @example
   * await posthog.endpoints.update('signups', { is_materialized: true })
   * await posthog.endpoints.waitUntilMaterialized('signups')
   */
  waitUntilMaterialized(name: string, options?: WaitForTable): Promise<EndpointMaterializationStatus>
  /**
   * What runs of an endpoint logged, newest first.
   *
   * @example const { items } = await posthog.endpoints.logs('signups', { executionId: result.executionId })
   */
  logs(
    name: string,
    filters?: EndpointLogFilters,
    options?: ListOptions,
  ): List<ListItem<`GET ${typeof one}logs/`>>
  /**
   * When endpoints ran last.
   *
   * @example const times = await posthog.endpoints.lastExecutionTimes(['signups'])
   */
  lastExecutionTimes(
    names: readonly string[],
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof all}last_execution_times/`>>
  /** What an endpoint's query has to be like to be materialised. */
  materializationConditions: (
    options?: CallOptions,
  ) => APIPromise<ResponseOf<`GET ${typeof all}materialization_conditions/`>>
}

/** Binds the management of endpoints to a client. */
export const manageEndpoints: Resource<ManageEndpoints> = (api) => {
  const setActive =
    (is_active: boolean): ManageEndpoints['activate'] =>
    (name, at, options) => {
      const input = (): AtName & { readonly body: { readonly is_active: boolean } } => {
        return { path: { name }, query: versionQuery(at), body: { is_active } }
      }
      return checkedCall(api, `PATCH ${one}`, input, options)
    }
  return {
    list: (filters = {}, options = {}) => {
      refuseUnknown('endpoints.list', filters, filterNames)
      const query = {
        ...(filters.pageSize === undefined ? {} : { limit: filters.pageSize }),
        ...(filters.isActive === undefined ? {} : { is_active: filters.isActive }),
      }
      return api.list(`GET ${all}`, { query }, options)
    },
    get: (name, at, options) => {
      return checkedCall(api, `GET ${one}`, () => ({ path: { name }, query: versionQuery(at) }), options)
    },
    openapi: (name, at, options) => {
      const input = (): AtName => ({ path: { name }, query: versionQuery(at) })
      return checkedCall(api, `GET ${one}openapi.json/`, input, options)
    },
    create: method(api, `POST ${all}`, 'body'),
    update: method(api, `PATCH ${one}`, 'id, body'),
    ...hardDeletes(api, one),
    versions: listMethod(api, `GET ${one}versions/`, 'id, query?'),
    activate: setActive(true),
    retire: setActive(false),
    materializationStatus: method(api, `GET ${one}materialization_status/`, 'id, query?'),
    materializationPreview: (name, body = {}, options = {}) => {
      return api.request(`POST ${one}materialization_preview/`, { path: { name }, body }, options)
    },
    waitUntilMaterialized: async (name, options) => {
      return waitUntilMaterialized(api, name, options)
    },
    logs: (name, given = {}, options = {}) => {
      requireObject('filters', given)
      const { executionId, ...filters } = given
      const query = executionId === undefined ? filters : { ...filters, instance_id: executionId }
      return api.list(`GET ${one}logs/`, { path: { name }, query }, options)
    },
    lastExecutionTimes: (names, options) => {
      const input = (): { readonly body: { readonly names: string[] } } => {
        requireList('names', names)
        return { body: { names: [...names] } }
      }
      return checkedCall(api, `POST ${all}last_execution_times/`, input, options)
    },
    materializationConditions: (options) => api.request(`GET ${all}materialization_conditions/`, {}, options),
  }
}

const filterNames: OptionNames<ListEndpoints> = { isActive: true, pageSize: true }

/** One endpoint, at a version. */
interface AtName {
  readonly path: { readonly name: string }
  readonly query: { readonly version?: number }
}

function versionQuery(at: AtVersion = {}): AtName['query'] {
  refuseUnknown('at', at, { version: true } satisfies OptionNames<AtVersion>)
  return at.version === undefined ? {} : { version: count('version', at.version, 1) }
}
