import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { type ListMethod, listMethod } from './methods.ts'
import type { BodyOf, CallOptions, ListItem, ResponseOf } from './requester.ts'
import type { Resource } from './verbs.ts'

const user = '/api/users/{uuid}/'

/** A user. */
export type User = ResponseOf<`GET ${typeof user}`>

/** The user whose key it is. */
export interface Users {
  /**
   * The user whose key it is. Needs `user:read`.
   *
   * @throws PermissionError for keys that belong to a project
   * @example const { email } = await posthog.users.me()
   */
  me(options?: CallOptions): APIPromise<User>
  /** Changes settings of the user whose key it is. Needs `user:write`. */
  updateMe(
    changes: BodyOf<`PATCH ${typeof user}`>,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`PATCH ${typeof user}`>>
}

/** Binds users to a client. */
export const createUsers: Resource<Users> = (api) => {
  const path = { uuid: '@me' }
  return {
    me: (options) => api.request(`GET ${user}`, { path }, options),
    updateMe: (body, options) => api.request(`PATCH ${user}`, { path, body }, options),
  }
}

const current = '/api/personal_api_keys/@current/'
const secret = '/api/projects/{project_id}/project_secret_api_keys/'

/** What PostHog tells of a personal key. */
export type PersonalApiKey = ResponseOf<`GET ${typeof current}`>
/** What PostHog tells of a project secret key. */
export type ProjectSecretApiKey = ListItem<`GET ${typeof secret}`>

/** What PostHog tells of keys. Their values are never among it. */
export interface ApiKeys {
  /**
   * The personal key that this client uses: its name, scopes and restrictions. It needs no scope.
   *
   * @throws PermissionError for keys of other kinds
   * @example const { scopes } = await posthog.apiKeys.current()
   */
  current(options?: CallOptions): APIPromise<PersonalApiKey>
  /**
   * The secret keys of the project, without their values.
   *
   * @throws PermissionError where PostHog shows them to signed-in users alone
   */
  listSecret: ListMethod<`GET ${typeof secret}`>
}

/** Binds keys to a client. */
export const createApiKeys: Resource<ApiKeys> = (api) => ({
  current: (options) => api.request(`GET ${current}`, {}, options),
  listSecret: listMethod(api, `GET ${secret}`, 'query?'),
})
