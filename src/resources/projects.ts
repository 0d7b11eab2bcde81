import { type ActCall, actCall } from './calls.ts'
import { activity, type HasActivity } from './parts/activity.ts'
import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const all = '/api/organizations/{organization_id}/projects/'
const one = '/api/organizations/{organization_id}/projects/{id}/'

/** A project and its settings. */
export type Project = AnswerOf<`GET ${typeof one}`>

/** The projects of an organization: `posthog.organization(id).projects`. */
export interface Projects
  extends Collection<typeof all, typeof one>,
    HardDeletes<`DELETE ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`> {
  /**
   * Gives a project another public token. Whatever sends events with the one that it had loses them from then on.
   *
   * @example const { api_token } = await posthog.organization('@current').projects.resetToken(7)
   */
  resetToken: ActCall<`PATCH ${typeof one}reset_token/`>
  /** Gives a project another secret token; the one that it had goes on to work until its backup is deleted. */
  rotateSecretToken: ActCall<`PATCH ${typeof one}rotate_secret_token/`>
  /** Ends the secret token that a project had before. */
  deleteSecretTokenBackup: ActCall<`PATCH ${typeof one}delete_secret_token_backup/`>
}

/** Binds projects to a client. */
export const createProjects: Resource<Projects> = (api) => ({
  ...collection(api, all, one),
  ...hardDeletes(api, one),
  ...activity(api, `GET ${one}activity/`),
  resetToken: actCall(api, `PATCH ${one}reset_token/`),
  rotateSecretToken: actCall(api, `PATCH ${one}rotate_secret_token/`),
  deleteSecretTokenBackup: actCall(api, `PATCH ${one}delete_secret_token_backup/`),
})
