import { type ActWithCall, actCall, actWithCall, listCall, type SendCall, sendCall } from '../calls.ts'
import { activity, type HasActivity } from '../parts/activity.ts'
import type { AnswerOf } from '../routes.ts'
import type { Gets, Lists, Resource, Updates } from '../verbs.ts'

const issues = '/api/projects/{project_id}/error_tracking/issues/'
const issue = '/api/projects/{project_id}/error_tracking/issues/{id}/'

/** Exceptions that are taken for the same fault. */
export type ErrorTrackingIssue = AnswerOf<`GET ${typeof issue}`>

/** Exceptions that are taken for the same fault. They come with their events, and are never deleted. */
export interface ErrorTrackingIssues
  extends Lists<`GET ${typeof issues}`>,
    Gets<`GET ${typeof issue}`>,
    Updates<`PATCH ${typeof issue}`>,
    HasActivity<`GET ${typeof issue}activity/`> {
  /**
   * Gives an issue to a user or a role, or to nobody with `null`.
   *
   * @example await posthog.errorTracking.issues.assign(id, { assignee: { type: 'user', id: 3 } })
   */
  assign: ActWithCall<`PATCH ${typeof issue}assign/`>
  /**
   * Takes other issues into one.
   *
   * @example await posthog.errorTracking.issues.merge(id, { ids: [twin] })
   */
  merge: ActWithCall<`POST ${typeof issue}merge/`>
  /** Makes issues of their own of some fingerprints of an issue. */
  split: ActWithCall<`POST ${typeof issue}split/`>
  /**
   * Sets the status of several issues, or gives them to somebody.
   *
   * @example await posthog.errorTracking.issues.updateMany({ ids, action: 'set_status', status: 'resolved' })
   */
  updateMany: SendCall<`POST ${typeof issues}bulk/`>
}

/** Binds issues of error tracking to a client. */
export const createErrorTrackingIssues: Resource<ErrorTrackingIssues> = (api) => ({
  list: listCall(api, `GET ${issues}`),
  get: actCall(api, `GET ${issue}`),
  update: actWithCall(api, `PATCH ${issue}`),
  ...activity(api, `GET ${issue}activity/`),
  assign: actWithCall(api, `PATCH ${issue}assign/`),
  merge: actWithCall(api, `POST ${issue}merge/`),
  split: actWithCall(api, `POST ${issue}split/`),
  updateMany: sendCall(api, `POST ${issues}bulk/`),
})
