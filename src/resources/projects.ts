import { type ActCall, actCall } from './calls.ts'
import { activity, type HasActivity } from './parts/activity.ts'
import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const projects = '/api/organizations/{organization_id}/projects/'
const project = '/api/organizations/{organization_id}/projects/{id}/'

/** A project and its settings. */
export type Project = AnswerOf<`GET ${typeof project}`>

/** The projects of an organization: `posthog.organization(id).projects`. */
export interface Projects
  extends Collection<typeof projects, typeof project>,
    HardDeletes<`DELETE ${typeof project}`>,
    HasActivity<`GET ${typeof project}activity/`> {
  /**
   * Gives a project another public token. Whatever sends events with the one that it had loses them from then on.
   *
   * @example const { api_token } = await posthog.organization('@current').projects.resetToken(7)
   */
  resetToken: ActCall<`PATCH ${typeof project}reset_token/`>
  /** Gives a project another secret token; the one that it had goes on to work until its backup is deleted. */
  rotateSecretToken: ActCall<`PATCH ${typeof project}rotate_secret_token/`>
  /** Ends the secret token that a project had before. */
  deleteSecretTokenBackup: ActCall<`PATCH ${typeof project}delete_secret_token_backup/`>
}

/** Binds projects to a client. */
export const createProjects: Resource<Projects> = (api) => ({
  ...collection(api, projects, project),
  ...hardDeletes(api, project),
  ...activity(api, `GET ${project}activity/`),
  resetToken: actCall(api, `PATCH ${project}reset_token/`),
  rotateSecretToken: actCall(api, `PATCH ${project}rotate_secret_token/`),
  deleteSecretTokenBackup: actCall(api, `PATCH ${project}delete_secret_token_backup/`),
})
