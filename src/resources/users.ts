import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { type ListMethod, listMethod } from './methods.ts'
import type { BodyOf, CallOptions, ListItem, ResponseOf } from './requester.ts'
import type { Resource } from './verbs.ts'

const user = '/api/users/{uuid}/'

/** A user. */
export type User = ResponseOf<`GET ${typeof user}`>

/** The user who owns the key. */
export interface Users {
  /**
   * Returns the user who owns the key. Needs the scope `user:read`.
   *
   * @throws PermissionError for project keys
   * @example const { email } = await posthog.users.me()
   */
  me(options?: CallOptions): APIPromise<User>
  /** Updates the settings of the user who owns the key. Needs the scope `user:write`. */
  updateMe(
    changes: BodyOf<`PATCH ${typeof user}`>,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`PATCH ${typeof user}`>>
}

/** Creates the users resource. */
export const createUsers: Resource<Users> = (api) => {
  const path = { uuid: '@me' }
  return {
    me: (options) => api.request(`GET ${user}`, { path }, options),
    updateMe: (body, options) => api.request(`PATCH ${user}`, { path, body }, options),
  }
}

const current = '/api/personal_api_keys/@current/'
const secret = '/api/projects/{project_id}/project_secret_api_keys/'

/** Metadata of a personal API key. */
export type PersonalApiKey = ResponseOf<`GET ${typeof current}`>
/** Metadata of a project secret API key. */
export type ProjectSecretApiKey = ListItem<`GET ${typeof secret}`>

/** Metadata of API keys, never their values. */
export interface ApiKeys {
  /**
   * Returns the label, scopes and restrictions of the client's personal API key. Needs no scope.
   *
   * @throws PermissionError for other kinds of keys
   * @example const { scopes } = await posthog.apiKeys.current()
   */
  current(options?: CallOptions): APIPromise<PersonalApiKey>
  /**
   * Lists the project's secret API keys, without their values.
   *
   * @throws PermissionError if PostHog requires a signed-in user
   */
  listSecret: ListMethod<`GET ${typeof secret}`>
}

/** Creates the API keys resource. */
export const createApiKeys: Resource<ApiKeys> = (api) => ({
  current: (options) => api.request(`GET ${current}`, {}, options),
  listSecret: listMethod(api, `GET ${secret}`, 'query?'),
})
