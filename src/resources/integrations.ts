import { actCall, type ListCall, listCall, type SendCall, sendCall } from './calls.ts'
import type { AnswerOf } from './routes.ts'
import { type Gets, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const all = '/api/projects/{project_id}/integrations/'
const one = '/api/projects/{project_id}/integrations/{id}/'

/** A connection to another service. */
export type Integration = AnswerOf<`GET ${typeof one}`>

/** Connections of a project to other services, such as Slack. Those that sign in by OAuth are made in the app. */
export interface Integrations extends Gets<`GET ${typeof one}`>, HardDeletes<`DELETE ${typeof one}`> {
  /**
   * The connections of the project.
   *
   * @example for await (const { kind } of posthog.integrations.list()) console.log(kind)
   */
  list: ListCall<`GET ${typeof all}`>
  /** Makes a connection by a key or an account that is put into `config`. */
  create: SendCall<`POST ${typeof all}`>
}

/** Binds integrations to a client. */
export const createIntegrations: Resource<Integrations> = (api) => ({
  list: listCall(api, `GET ${all}`),
  get: actCall(api, `GET ${one}`),
  create: sendCall(api, `POST ${all}`),
  ...hardDeletes(api, one),
})
