import { actCall, type ListCall, listCall, type SendCall, sendCall } from './calls.ts'
import type { AnswerOf } from './routes.ts'
import { type Gets, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const integrations = '/api/projects/{project_id}/integrations/'
const integration = '/api/projects/{project_id}/integrations/{id}/'

/** A connection to another service. */
export type Integration = AnswerOf<`GET ${typeof integration}`>

/** Connections of a project to other services, such as Slack. Those that sign in by OAuth are made in the app. */
export interface Integrations
  extends Gets<`GET ${typeof integration}`>,
    HardDeletes<`DELETE ${typeof integration}`> {
  /**
   * The connections of the project.
   *
   * @example for await (const { kind } of posthog.integrations.list()) console.log(kind)
   */
  list: ListCall<`GET ${typeof integrations}`>
  /** Makes a connection by a key or an account that is put into `config`. */
  create: SendCall<`POST ${typeof integrations}`>
}

/** Binds integrations to a client. */
export const createIntegrations: Resource<Integrations> = (api) => ({
  list: listCall(api, `GET ${integrations}`),
  get: actCall(api, `GET ${integration}`),
  create: sendCall(api, `POST ${integrations}`),
  ...hardDeletes(api, integration),
})
