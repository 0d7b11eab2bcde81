import type { APIPromise } from '../runtime/transport/api-promise.ts'
import {
  type BodyMethod,
  type IdBodyMethod,
  type IdMethod,
  type IdQueryMethod,
  listMethod,
  method,
  type NestedListMethod,
} from './methods.ts'
import type { BodyOf, CallOptions, ResponseOf } from './requester.ts'
import { type Collection, collection, type Resource, type SoftDeletable, softDeletes } from './verbs.ts'

const hogFunctions = '/api/projects/{project_id}/hog_functions/'
const hogFunction = '/api/projects/{project_id}/hog_functions/{id}/'

/** A Hog function. */
export interface HogFunction extends ResponseOf<`GET ${typeof hogFunction}`> {}

/** A revision of a Hog function. */
export interface HogFunctionRevision extends ResponseOf<`GET ${typeof hogFunction}revisions/{version}/`> {}

/** Hog functions: destinations, transformations and more. They replaced plugins. */
export interface HogFunctions
  extends Collection<typeof hogFunctions, typeof hogFunction>,
    SoftDeletable<`PATCH ${typeof hogFunction}`> {
  /**
   * Runs a function once as a test. With `mock_async_functions`, it sends no requests.
   *
   * @example
   * const { status, logs } = await posthog.hogFunctions.invoke(id, { configuration: {}, mock_async_functions: true })
   */
  invoke: IdBodyMethod<`POST ${typeof hogFunction}invocations/`>
  /** Lists the logs of a function, newest first. */
  logs: NestedListMethod<`GET ${typeof hogFunction}logs/`>
  /** Returns the runs and failures of a function over time. */
  metrics: IdQueryMethod<`GET ${typeof hogFunction}metrics/`>
  /** Returns the total runs and failures of a function. */
  metricTotals: IdQueryMethod<`GET ${typeof hogFunction}metrics/totals/`>
  /**
   * Enables backfills of a function. PostHog's schema does not open this operation to personal API keys, so PostHog
   * probably returns 403.
   */
  enableBackfills: IdMethod<`POST ${typeof hogFunction}enable_backfills/`>
  /** Reorders transformations. */
  rearrange: BodyMethod<`PATCH ${typeof hogFunctions}rearrange/`>
  /**
   * Publishes the staged draft of a function. Without `confirm`, PostHog returns the fields that would change, and a
   * `confirm_token` that is valid for 15 minutes. An enabled function needs the token to publish
   * (PostHog/posthog products/cdp/backend/api/hog_function.py).
   *
   * @throws BadRequestError without a draft or a valid token; ConflictError if the draft or the function has changed
   * @example
   * const { confirm_token } = await posthog.hogFunctions.publish(id)
   * if (confirm_token) await posthog.hogFunctions.publish(id, { confirm: true, confirm_token })
   */
  publish(
    id: string,
    body?: BodyOf<`POST ${typeof hogFunction}publish/`>,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof hogFunction}publish/`>>
  /** Discards the staged draft of a function. Without a draft, nothing changes. */
  discardDraft: IdMethod<`POST ${typeof hogFunction}discard_draft/`>
  /**
   * Lists the revisions of a function, newest first. Each change of its code, inputs, filters, mappings or masking adds
   * one.
   *
   * @example const { items } = await posthog.hogFunctions.revisions(id)
   */
  revisions: NestedListMethod<`GET ${typeof hogFunction}revisions/`>
  /**
   * Reads a revision, with its configuration in `content`.
   *
   * @throws NotFoundError if it does not exist
   */
  revision(id: string, version: number, options?: CallOptions): APIPromise<HogFunctionRevision>
  /**
   * Stages a revision as the draft of a function. `publish` makes it live. `overwrite` replaces an open draft.
   *
   * @throws ConflictError if a draft is open and `overwrite` is not set
   * @example
   * await posthog.hogFunctions.restoreRevision(id, 2)
   * await posthog.hogFunctions.publish(id, { confirm: true })
   */
  restoreRevision(
    id: string,
    version: number,
    body?: BodyOf<`POST ${typeof hogFunction}revisions/{version}/restore/`>,
    options?: CallOptions,
  ): APIPromise<HogFunction>
}

/** Creates the Hog functions resource. */
export const createHogFunctions: Resource<HogFunctions> = (api) => ({
  ...collection(api, hogFunctions, hogFunction),
  ...softDeletes(api, hogFunction),
  invoke: method(api, `POST ${hogFunction}invocations/`, 'id, body'),
  logs: listMethod(api, `GET ${hogFunction}logs/`, 'id, query?'),
  metrics: method(api, `GET ${hogFunction}metrics/`, 'id, query?'),
  metricTotals: method(api, `GET ${hogFunction}metrics/totals/`, 'id, query?'),
  enableBackfills: method(api, `POST ${hogFunction}enable_backfills/`, 'id'),
  rearrange: method(api, `PATCH ${hogFunctions}rearrange/`, 'body'),
  publish: (id, body = {}, options) => {
    return api.request(`POST ${hogFunction}publish/`, { path: { id }, body }, options)
  },
  discardDraft: method(api, `POST ${hogFunction}discard_draft/`, 'id'),
  revisions: listMethod(api, `GET ${hogFunction}revisions/`, 'id, query?'),
  revision: (id, version, options) => {
    return api.request(`GET ${hogFunction}revisions/{version}/`, { path: { id, version } }, options)
  },
  restoreRevision: (id, version, body = {}, options) => {
    const route = `POST ${hogFunction}revisions/{version}/restore/` as const
    return api.request(route, { path: { id, version }, body }, options)
  },
})
