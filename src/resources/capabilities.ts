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

/** A resource that keeps a log of what was done with each object. */
export interface HasActivity<R extends ListRoute> {
  /**
   * What was done with an object and by whom, newest first.
   *
   * @example for await (const entry of posthog.featureFlags.activity(7)) console.log(entry.activity, entry.created_at)
   */
  activity: NestedListMethod<R>
}

/** `activity` of a route. */
export function activity<R extends ListRoute>(api: Requester, route: R): HasActivity<R> {
  return { activity: listMethod(api, route, 'id, query?') }
}

/** A resource whose objects can be shown to people without an account, by the path of its sharing. */
export interface HasSharing<Path extends string> {
  /**
   * How an object is shared; `access_token` is the last part of its public address, when `enabled`.
   *
   * @example const [{ enabled } = {}] = await posthog.dashboards.sharing(7)
   */
  sharing: IdMethod<Known<`GET ${Path}`>>
  /**
   * Switches sharing on or off, or asks for a password.
   *
   * @example const { access_token } = await posthog.dashboards.updateSharing(7, { enabled: true })
   */
  updateSharing: IdBodyMethod<Known<`PATCH ${Path}`>>
  /** Gives an object another public address; the one that it had stops to work. */
  refreshSharing: IdMethod<Known<`POST ${Path}refresh/`>>
  /** Adds a password that opens a shared object. */
  addSharingPassword: IdBodyMethod<Known<`POST ${Path}passwords/`>>
  /** Takes a password away. */
  deleteSharingPassword(
    id: IdOf<Known<`GET ${Path}`>>,
    passwordId: string,
    options?: CallOptions,
  ): APIPromise<void>
}

/** Everything about sharing, by its path. */
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

/** How an object is shared. */
export type Sharing = ResponseOf<'PATCH /api/projects/{project_id}/dashboards/{dashboard_id}/sharing/'>

/** A resource whose objects have tags. */
export interface HasTags<R extends Route> {
  /**
   * Adds tags to several objects at once, removes them, or sets them in place of those that are there.
   *
   * @throws BadRequestError for more objects than PostHog takes at once
   * @example await posthog.insights.updateTags({ action: 'add', ids: [7, 8], tags: ['weekly'] })
   */
  updateTags: BodyMethod<R>
}

/** `updateTags` of a route. */
export function tags<R extends Route>(api: Requester, route: R): HasTags<R> {
  return { updateTags: method(api, route, 'body') }
}
