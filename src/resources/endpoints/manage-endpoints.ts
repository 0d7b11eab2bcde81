import {
  type OptionNames,
  positiveInteger,
  rejectUnknownOptions,
} from '../../runtime/config/check-options.ts'
import type { List } from '../../runtime/paging/list.ts'
import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { requireList, requireObject } from '../check-arguments.ts'
import { checkedCall, type IdQueryMethod, listMethod, method, type NestedListMethod } from '../methods.ts'
import type { BodyOf, CallOptions, ListItem, ListOptions, QueryOf, ResponseOf } from '../requester.ts'
import { type Creatable, type HardDeletable, hardDeletes, type Resource } from '../verbs.ts'
import type { NewEndpoint } from './endpoint-body.ts'
import { type UpdateEndpoint, updateEndpoint } from './update-endpoint.ts'
import {
  type EndpointMaterializationStatus,
  type WaitUntilMaterializedOptions,
  waitUntilMaterialized,
} from './wait-until-materialized.ts'

const all = '/api/projects/{project_id}/endpoints/'
const one = '/api/projects/{project_id}/endpoints/{name}/'

/** An endpoint as PostHog's API returns it. */
export interface EndpointObject extends ListItem<'GET /api/projects/{project_id}/endpoints/'> {}

/** Filters of `endpoints.list`. */
export interface EndpointListFilters {
  /** Lists only active or only inactive endpoints. Default: both. */
  readonly isActive?: boolean | undefined
  /** Endpoints per page. Default: 100, set by PostHog. */
  readonly pageSize?: number | undefined
}

/** Selects a version of an endpoint. */
export interface EndpointVersionSelector {
  /** Version number. Default: the current version. */
  readonly version?: number | undefined
}

/** Filters of `endpoints.logs`. */
export type EndpointLogFilters = Omit<QueryOf<`GET ${typeof one}logs/`>, 'instance_id'> & {
  /** Lists only the logs of one run: `executionId` of its result. */
  readonly executionId?: string | undefined
}

/** Management of endpoints. */
export interface ManageEndpoints
  extends Creatable<`POST ${typeof all}`, NewEndpoint>,
    HardDeletable<`DELETE ${typeof one}`> {
  /**
   * Lists the endpoints of the project. Await it for the first page, or iterate over all pages. Needs a personal API
   * key with `endpoint:read`.
   *
   * @example
   * for await (const endpoint of posthog.endpoints.list()) console.log(endpoint.name)
   */
  list(filters?: EndpointListFilters, options?: ListOptions): List<EndpointObject>

  /** Reads an endpoint, optionally at a version. Needs a personal API key with `endpoint:read`. */
  get(name: string, selector?: EndpointVersionSelector, options?: CallOptions): Promise<EndpointObject>

  /**
   * Updates the given fields of an endpoint. Another query creates a version. Reads the endpoint first, so that `revert`
   * of the result can restore these fields and the materialization. To restore a query, `revert` creates a further
   * version. Materializations of older versions that the update ended stay ended. With the option `schema`, the result
   * has no `revert`.
   *
   * @throws NotFoundError if it does not exist; BadRequestError for a field that PostHog rejects
   * @example
   * const updated = await posthog.endpoints.update('signups', { description: 'All time' })
   * const { action } = await updated.revert()
   */
  update: UpdateEndpoint
  /**
   * Returns the OpenAPI document of an endpoint. Needs a personal API key: PostHog rejects project secret keys here,
   * although they can run endpoints.
   */
  openapi(name: string, selector?: EndpointVersionSelector, options?: CallOptions): Promise<unknown>
  /**
   * Lists the versions of an endpoint, newest first. Each change of the query creates a version.
   *
   * @example for await (const { version, is_active } of posthog.endpoints.versions('signups')) console.log(version, is_active)
   */
  versions: NestedListMethod<`GET ${typeof one}versions/`>
  /** Activates an endpoint, or one version of it. */
  activate(
    name: string,
    selector?: EndpointVersionSelector,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`PATCH ${typeof one}`>>
  /**
   * Deactivates an endpoint, or one version of it. Runs then return 404.
   *
   * @example await posthog.endpoints.retire('signups', { version: 1 })
   */
  retire(
    name: string,
    selector?: EndpointVersionSelector,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`PATCH ${typeof one}`>>
  /** Returns the materialization status of an endpoint. */
  materializationStatus: IdQueryMethod<`GET ${typeof one}materialization_status/`>
  /** Returns the query that PostHog would materialize, or the reason why it cannot. */
  materializationPreview(
    name: string,
    body?: BodyOf<`POST ${typeof one}materialization_preview/`>,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof one}materialization_preview/`>>
  /**
   * Polls until an endpoint is materialized, for up to `totalTimeout` (default: 600,000 ms).
   *
   * @throws MaterializationError if PostHog cannot materialize it; TotalTimeoutError if it takes too long
   * @example
   * await posthog.endpoints.update('signups', { is_materialized: true })
   * await posthog.endpoints.waitUntilMaterialized('signups')
   */
  waitUntilMaterialized(
    name: string,
    options?: WaitUntilMaterializedOptions,
  ): Promise<EndpointMaterializationStatus>
  /**
   * Lists the logs of an endpoint's runs, newest first.
   *
   * @example const { items } = await posthog.endpoints.logs('signups', { executionId: result.executionId })
   */
  logs(
    name: string,
    filters?: EndpointLogFilters,
    options?: ListOptions,
  ): List<ListItem<`GET ${typeof one}logs/`>>
  /**
   * Returns the last execution time of each endpoint.
   *
   * @example const times = await posthog.endpoints.lastExecutionTimes(['signups'])
   */
  lastExecutionTimes(
    names: readonly string[],
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof all}last_execution_times/`>>
  /** Returns the conditions that a query must meet to be materialized. */
  materializationConditions: (
    options?: CallOptions,
  ) => APIPromise<ResponseOf<`GET ${typeof all}materialization_conditions/`>>
}

/** Creates the methods that manage endpoints. */
export const manageEndpoints: Resource<ManageEndpoints> = (api) => {
  const setActive =
    (is_active: boolean): ManageEndpoints['activate'] =>
    (name, selector, options) => {
      const input = (): EndpointInput & { readonly body: { readonly is_active: boolean } } => {
        return { path: { name }, query: versionQuery(selector), body: { is_active } }
      }
      return checkedCall(api, `PATCH ${one}`, input, options)
    }
  return {
    list: (filters = {}, options = {}) => {
      rejectUnknownOptions('endpoints.list', filters, filterNames)
      const query = {
        ...(filters.pageSize === undefined ? {} : { limit: filters.pageSize }),
        ...(filters.isActive === undefined ? {} : { is_active: filters.isActive }),
      }
      return api.list(`GET ${all}`, { query }, options)
    },
    get: (name, selector, options) => {
      return checkedCall(
        api,
        `GET ${one}`,
        () => ({ path: { name }, query: versionQuery(selector) }),
        options,
      )
    },
    openapi: (name, selector, options) => {
      const input = (): EndpointInput => ({ path: { name }, query: versionQuery(selector) })
      return checkedCall(api, `GET ${one}openapi.json/`, input, options)
    },
    create: method(api, `POST ${all}`, 'body'),
    update: updateEndpoint(api),
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
    logs: (name, logFilters = {}, options = {}) => {
      requireObject('filters', logFilters)
      const { executionId, ...filters } = logFilters
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

const filterNames: OptionNames<EndpointListFilters> = { isActive: true, pageSize: true }

/** Request input for an endpoint at a version. */
interface EndpointInput {
  readonly path: { readonly name: string }
  readonly query: { readonly version?: number }
}

function versionQuery(selector: EndpointVersionSelector = {}): EndpointInput['query'] {
  rejectUnknownOptions('selector', selector, { version: true } satisfies OptionNames<EndpointVersionSelector>)
  return selector.version === undefined ? {} : { version: positiveInteger('version', selector.version, 1) }
}
