import { type ActWithCall, actCall, actWithCall, listCall, type SendCall, sendCall } from '../calls.ts'
import { activity, type HasActivity } from '../parts/activity.ts'
import type { AnswerOf } from '../routes.ts'
import type { Gets, Lists, Resource, Updates } from '../verbs.ts'

const all = '/api/projects/{project_id}/error_tracking/issues/'
const one = '/api/projects/{project_id}/error_tracking/issues/{id}/'

/** Exceptions that are taken for the same fault. */
export type ErrorTrackingIssue = AnswerOf<`GET ${typeof one}`>

/** Exceptions that are taken for the same fault. They come with their events, and are never deleted. */
export interface ErrorTrackingIssues
  extends Lists<`GET ${typeof all}`>,
    Gets<`GET ${typeof one}`>,
    Updates<`PATCH ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`> {
  /**
   * Gives an issue to a user or a role, or to nobody with `null`.
   *
   * @example await posthog.errorTracking.issues.assign(id, { assignee: { type: 'user', id: 3 } })
   */
  assign: ActWithCall<`PATCH ${typeof one}assign/`>
  /**
   * Takes other issues into one.
   *
   * @example await posthog.errorTracking.issues.merge(id, { ids: [twin] })
   */
  merge: ActWithCall<`POST ${typeof one}merge/`>
  /** Makes issues of their own of some fingerprints of an issue. */
  split: ActWithCall<`POST ${typeof one}split/`>
  /**
   * Sets the status of several issues, or gives them to somebody.
   *
   * @example await posthog.errorTracking.issues.updateMany({ ids, action: 'set_status', status: 'resolved' })
   */
  updateMany: SendCall<`POST ${typeof all}bulk/`>
}

/** Binds issues of error tracking to a client. */
export const createErrorTrackingIssues: Resource<ErrorTrackingIssues> = (api) => ({
  list: listCall(api, `GET ${all}`),
  get: actCall(api, `GET ${one}`),
  update: actWithCall(api, `PATCH ${one}`),
  ...activity(api, `GET ${one}activity/`),
  assign: actWithCall(api, `PATCH ${one}assign/`),
  merge: actWithCall(api, `POST ${one}merge/`),
  split: actWithCall(api, `POST ${one}split/`),
  updateMany: sendCall(api, `POST ${all}bulk/`),
})
