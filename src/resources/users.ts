import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { type BodyMethod, type ListMethod, listMethod } from './methods.ts'
import type { BodyOf, CallOptions, ListItem, ResponseOf } from './requester.ts'
import type { Resource } from './verbs.ts'

const all = '/api/users/'
const user = '/api/users/{uuid}/'

/** A user. */
export interface User extends ResponseOf<`GET ${typeof user}`> {}

/** The user who owns the key. */
export interface Users {
  /**
   * Lists the users that the key may read: its owner, and all users for staff. Needs the scope `user:read`.
   *
   * @throws PermissionError for project keys
   * @example const { items } = await posthog.users.list()
   */
  list: ListMethod<`GET ${typeof all}`>
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
  /**
   * Returns whether two-factor authentication is on. PostHog's schema does not open this operation to personal API keys,
   * so PostHog probably returns 403.
   */
  twoFactorStatus(options?: CallOptions): APIPromise<ResponseOf<`GET ${typeof user}two_factor_status/`>>
  /**
   * Starts the setup of two-factor authentication and returns a secret for the authenticator. PostHog's schema does not
   * open this operation to personal API keys, so PostHog probably returns 403.
   */
  startTwoFactor(options?: CallOptions): APIPromise<ResponseOf<`GET ${typeof user}two_factor_start_setup/`>>
  /**
   * Completes the setup of two-factor authentication with a code of the authenticator, in `token`. PostHog's schema does
   * not open this operation to personal API keys, so PostHog probably returns 403.
   */
  validateTwoFactor: BodyMethod<`POST ${typeof user}two_factor_validate/`>
  /**
   * Generates new backup codes. The old ones stop working. PostHog's schema does not open this operation to personal API
   * keys, so PostHog probably returns 403.
   */
  twoFactorBackupCodes(
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof user}two_factor_backup_codes/`>>
  /**
   * Turns two-factor authentication off. PostHog's schema does not open this operation to personal API keys, so PostHog
   * probably returns 403.
   */
  disableTwoFactor(options?: CallOptions): APIPromise<ResponseOf<`POST ${typeof user}two_factor_disable/`>>
}

/** Creates the users resource. */
export const createUsers: Resource<Users> = (api) => {
  const path = { uuid: '@me' }
  return {
    list: listMethod(api, `GET ${all}`, 'query?'),
    me: (options) => api.request(`GET ${user}`, { path }, options),
    updateMe: (body, options) => api.request(`PATCH ${user}`, { path, body }, options),
    twoFactorStatus: (options) => api.request(`GET ${user}two_factor_status/`, { path }, options),
    startTwoFactor: (options) => api.request(`GET ${user}two_factor_start_setup/`, { path }, options),
    validateTwoFactor: (body: BodyOf<`POST ${typeof user}two_factor_validate/`>, options?: CallOptions) =>
      api.request(`POST ${user}two_factor_validate/`, { path, body }, options),
    twoFactorBackupCodes: (options) => api.request(`POST ${user}two_factor_backup_codes/`, { path }, options),
    disableTwoFactor: (options) => api.request(`POST ${user}two_factor_disable/`, { path }, options),
  }
}

const current = '/api/personal_api_keys/@current/'
const secret = '/api/projects/{project_id}/project_secret_api_keys/'

/** Metadata of a personal API key. */
export interface PersonalApiKey extends ResponseOf<`GET ${typeof current}`> {}
/** Metadata of a project secret API key. */
export interface ProjectSecretApiKey extends ListItem<`GET ${typeof secret}`> {}

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
