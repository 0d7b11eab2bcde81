import type { APIPromise } from '../runtime/transport/api-promise.ts'
import type { CallOptions } from './requester.ts'
import type { AnswerOf, BodyOf } from './routes.ts'
import type { Resource } from './verbs.ts'

const user = '/api/users/{uuid}/'

/** A user. */
export type User = AnswerOf<`GET ${typeof user}`>

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
  ): APIPromise<AnswerOf<`PATCH ${typeof user}`>>
}

/** Binds users to a client. */
export const createUsers: Resource<Users> = (api) => {
  const path = { uuid: '@me' }
  return {
    me: (options) => api.request(`GET ${user}`, { path }, options),
    updateMe: (body, options) => api.request(`PATCH ${user}`, { path, body }, options),
  }
}
