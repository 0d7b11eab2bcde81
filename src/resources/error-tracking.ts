import { activity, type HasActivity } from './capabilities.ts'
import { type BodyMethod, type IdBodyMethod, listMethod, method, type QueryMethod } from './methods.ts'
import type { ResponseOf } from './requester.ts'
import {
  type Collection,
  collection,
  type HardDeletable,
  hardDeletes,
  type Listable,
  type Readable,
  type Resource,
  type Updatable,
} from './verbs.ts'

const issues = '/api/projects/{project_id}/error_tracking/issues/'
const issue = '/api/projects/{project_id}/error_tracking/issues/{id}/'

/** Exceptions that are taken for the same fault. */
export type ErrorTrackingIssue = ResponseOf<`GET ${typeof issue}`>

/** Exceptions that are taken for the same fault. They come with their events, and are never deleted. */
export interface ErrorTrackingIssues
  extends Listable<`GET ${typeof issues}`>,
    Readable<`GET ${typeof issue}`>,
    Updatable<`PATCH ${typeof issue}`>,
    HasActivity<`GET ${typeof issue}activity/`> {
  /**
   * Gives an issue to a user or a role, or to nobody with `null`.
   *
   * @example await posthog.errorTracking.issues.assign(id, { assignee: { type: 'user', id: 3 } })
   */
  assign: IdBodyMethod<`PATCH ${typeof issue}assign/`>
  /**
   * Takes other issues into one.
   *
   * @example await posthog.errorTracking.issues.merge(id, { ids: [twin] })
   */
  merge: IdBodyMethod<`POST ${typeof issue}merge/`>
  /** Makes issues of their own of some fingerprints of an issue. */
  split: IdBodyMethod<`POST ${typeof issue}split/`>
  /**
   * Sets the status of several issues, or gives them to somebody.
   *
   * @example await posthog.errorTracking.issues.updateMany({ ids, action: 'set_status', status: 'resolved' })
   */
  updateMany: BodyMethod<`POST ${typeof issues}bulk/`>
}

/** Binds issues of error tracking to a client. */
export const createErrorTrackingIssues: Resource<ErrorTrackingIssues> = (api) => ({
  list: listMethod(api, `GET ${issues}`, 'query?'),
  get: method(api, `GET ${issue}`, 'id'),
  update: method(api, `PATCH ${issue}`, 'id, body'),
  ...activity(api, `GET ${issue}activity/`),
  assign: method(api, `PATCH ${issue}assign/`, 'id, body'),
  merge: method(api, `POST ${issue}merge/`, 'id, body'),
  split: method(api, `POST ${issue}split/`, 'id, body'),
  updateMany: method(api, `POST ${issues}bulk/`, 'body'),
})

const fingerprints = '/api/projects/{project_id}/error_tracking/fingerprints/'
const fingerprint = '/api/projects/{project_id}/error_tracking/fingerprints/{id}/'

/** What makes exceptions count as the same. */
export type ErrorTrackingFingerprint = ResponseOf<`GET ${typeof fingerprint}`>

/** What makes exceptions count as the same, and the issue that each belongs to. */
export interface ErrorTrackingFingerprints
  extends Listable<`GET ${typeof fingerprints}`>,
    Readable<`GET ${typeof fingerprint}`> {}

/** Binds fingerprints of error tracking to a client. */
export const createErrorTrackingFingerprints: Resource<ErrorTrackingFingerprints> = (api) => ({
  list: listMethod(api, `GET ${fingerprints}`, 'query?'),
  get: method(api, `GET ${fingerprint}`, 'id'),
})

const assignmentRules = '/api/projects/{project_id}/error_tracking/assignment_rules/'
const assignmentRule = '/api/projects/{project_id}/error_tracking/assignment_rules/{id}/'

/** Gives new issues to somebody. */
export type ErrorTrackingAssignmentRule = ResponseOf<`GET ${typeof assignmentRule}`>

/** Rules that give new issues to somebody. */
export interface ErrorTrackingAssignmentRules
  extends Collection<typeof assignmentRules, typeof assignmentRule>,
    HardDeletable<`DELETE ${typeof assignmentRule}`> {
  /** Puts the rules into another order, by the place of each id; the first that fits counts. */
  reorder: BodyMethod<`PATCH ${typeof assignmentRules}reorder/`>
}

/** Binds these rules to a client. */
export const createErrorTrackingAssignmentRules: Resource<ErrorTrackingAssignmentRules> = (api) => ({
  ...collection(api, assignmentRules, assignmentRule),
  ...hardDeletes(api, assignmentRule),
  reorder: method(api, `PATCH ${assignmentRules}reorder/`, 'body'),
})

const groupingRules = '/api/projects/{project_id}/error_tracking/grouping_rules/'
const groupingRule = '/api/projects/{project_id}/error_tracking/grouping_rules/{id}/'

/** Makes exceptions count as the same issue. */
export type ErrorTrackingGroupingRule = ResponseOf<`GET ${typeof groupingRule}`>

/** Rules that make exceptions count as the same issue. */
export interface ErrorTrackingGroupingRules
  extends Collection<typeof groupingRules, typeof groupingRule>,
    HardDeletable<`DELETE ${typeof groupingRule}`> {
  /** Puts the rules into another order, by the place of each id; the first that fits counts. */
  reorder: BodyMethod<`PATCH ${typeof groupingRules}reorder/`>
}

/** Binds these rules to a client. */
export const createErrorTrackingGroupingRules: Resource<ErrorTrackingGroupingRules> = (api) => ({
  ...collection(api, groupingRules, groupingRule),
  ...hardDeletes(api, groupingRule),
  reorder: method(api, `PATCH ${groupingRules}reorder/`, 'body'),
})

const suppressionRules = '/api/projects/{project_id}/error_tracking/suppression_rules/'
const suppressionRule = '/api/projects/{project_id}/error_tracking/suppression_rules/{id}/'

/** Leaves exceptions out. */
export type ErrorTrackingSuppressionRule = ResponseOf<`GET ${typeof suppressionRule}`>

/** Rules that leave exceptions out. */
export interface ErrorTrackingSuppressionRules
  extends Collection<typeof suppressionRules, typeof suppressionRule>,
    HardDeletable<`DELETE ${typeof suppressionRule}`> {
  /** Puts the rules into another order, by the place of each id; the first that fits counts. */
  reorder: BodyMethod<`PATCH ${typeof suppressionRules}reorder/`>
}

/** Binds these rules to a client. */
export const createErrorTrackingSuppressionRules: Resource<ErrorTrackingSuppressionRules> = (api) => ({
  ...collection(api, suppressionRules, suppressionRule),
  ...hardDeletes(api, suppressionRule),
  reorder: method(api, `PATCH ${suppressionRules}reorder/`, 'body'),
})

const path = '/api/projects/{project_id}/error_tracking/git-provider-file-links/'

/** Links from a stack frame to the line of code in its repository. */
export interface ErrorTrackingSymbolLinks {
  /**
   * Where a line of code is on GitHub.
   *
   * @example const { url } = await posthog.errorTracking.symbolLinks.github({ owner, repository, file_name, code_sample })
   */
  github: QueryMethod<`GET ${typeof path}resolve_github/`>
  /** Where a line of code is on GitLab. */
  gitlab: QueryMethod<`GET ${typeof path}resolve_gitlab/`>
}

/** Binds symbol links to a client. */
export const createErrorTrackingSymbolLinks: Resource<ErrorTrackingSymbolLinks> = (api) => ({
  github: method(api, `GET ${path}resolve_github/`, 'query?'),
  gitlab: method(api, `GET ${path}resolve_gitlab/`, 'query?'),
})
