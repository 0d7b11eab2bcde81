import type { APIPromise } from '../runtime/transport/api-promise.ts'
import {
  type BodyMethod,
  type IdBodyMethod,
  type IdMethod,
  listMethod,
  method,
  type NestedListMethod,
} from './methods.ts'
import type { CallOptions, IdOf, Known, ListRoute, Requester, ResponseOf, Route } from './requester.ts'

/** A resource with an activity log for each object. */
export interface HasActivity<R extends ListRoute> {
  /**
   * Lists the activity of an object: each change and its author, newest first.
   *
   * @example for await (const entry of posthog.featureFlags.activity(7)) console.log(entry.activity, entry.created_at)
   */
  activity: NestedListMethod<R>
}

/** Creates `activity` from a route. */
export function activity<R extends ListRoute>(api: Requester, route: R): HasActivity<R> {
  return { activity: listMethod(api, route, 'id, query?') }
}

/** A resource whose objects can be shared publicly. `Path` is the path of the sharing settings. */
export interface HasSharing<Path extends string> {
  /**
   * Returns the sharing settings of an object. If `enabled`, `access_token` is the last segment of the public URL.
   *
   * @example const [{ enabled } = {}] = await posthog.dashboards.sharing(7)
   */
  sharing: IdMethod<Known<`GET ${Path}`>>
  /**
   * Enables or disables sharing, or requires a password.
   *
   * @example const { access_token } = await posthog.dashboards.updateSharing(7, { enabled: true })
   */
  updateSharing: IdBodyMethod<Known<`PATCH ${Path}`>>
  /** Issues a new public URL. The old one stops working. */
  refreshSharing: IdMethod<Known<`POST ${Path}refresh/`>>
  /** Adds a password to a shared object. */
  addSharingPassword: IdBodyMethod<Known<`POST ${Path}passwords/`>>
  /** Deletes a password. */
  deleteSharingPassword(
    id: IdOf<Known<`GET ${Path}`>>,
    passwordId: string,
    options?: CallOptions,
  ): APIPromise<void>
}

/** Creates the sharing methods from the path of the sharing settings. */
export function sharing<Path extends string>(api: Requester, path: Path): HasSharing<Path> {
  const password = `DELETE ${path}passwords/{password_id}/` as Route
  const [, owner = ''] = /\{(\w+_id)\}\/sharing/.exec(path) ?? []
  const request = api.request as (route: Route, input: object, options?: CallOptions) => APIPromise<never>
  return {
    sharing: method(api, `GET ${path}` as Known<`GET ${Path}`>, 'id'),
    updateSharing: method(api, `PATCH ${path}` as Known<`PATCH ${Path}`>, 'id, body'),
    refreshSharing: method(api, `POST ${path}refresh/` as Known<`POST ${Path}refresh/`>, 'id'),
    addSharingPassword: method(api, `POST ${path}passwords/` as Known<`POST ${Path}passwords/`>, 'id, body'),
    deleteSharingPassword: (id, passwordId, options) => {
      return request(password, { path: { [owner]: id, password_id: passwordId } }, options)
    },
  }
}

/** Sharing settings of an object. */
export interface Sharing
  extends ResponseOf<'PATCH /api/projects/{project_id}/dashboards/{dashboard_id}/sharing/'> {}

/** A resource with tags. */
export interface HasTags<R extends Route> {
  /**
   * Adds, removes or replaces the tags of several objects.
   *
   * @throws BadRequestError for more objects than PostHog accepts in one request
   * @example await posthog.insights.updateTags({ action: 'add', ids: [7, 8], tags: ['weekly'] })
   */
  updateTags: BodyMethod<R>
}

/** Creates `updateTags` from a route. */
export function tags<R extends Route>(api: Requester, route: R): HasTags<R> {
  return { updateTags: method(api, route, 'body') }
}
