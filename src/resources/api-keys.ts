import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { type ListCall, listCall } from './calls.ts'
import type { CallOptions, ListItem } from './requester.ts'
import type { AnswerOf } from './routes.ts'
import type { Resource } from './verbs.ts'

const current = '/api/personal_api_keys/@current/'
const secret = '/api/projects/{project_id}/project_secret_api_keys/'

/** What PostHog tells of a personal key. */
export type PersonalApiKey = AnswerOf<`GET ${typeof current}`>
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
  listSecret: ListCall<`GET ${typeof secret}`>
}

/** Binds keys to a client. */
export const createApiKeys: Resource<ApiKeys> = (api) => ({
  current: (options) => api.request(`GET ${current}`, {}, options),
  listSecret: listCall(api, `GET ${secret}`),
})
