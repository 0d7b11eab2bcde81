import { activity, type HasActivity } from './capabilities.ts'
import {
  type ActWithCall,
  type AskCall,
  actCall,
  actWithCall,
  listCall,
  readCall,
  type SendCall,
  sendCall,
} from './methods.ts'
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
  list: listCall(api, `GET ${fingerprints}`),
  get: actCall(api, `GET ${fingerprint}`),
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
  reorder: SendCall<`PATCH ${typeof assignmentRules}reorder/`>
}

/** Binds these rules to a client. */
export const createErrorTrackingAssignmentRules: Resource<ErrorTrackingAssignmentRules> = (api) => ({
  ...collection(api, assignmentRules, assignmentRule),
  ...hardDeletes(api, assignmentRule),
  reorder: sendCall(api, `PATCH ${assignmentRules}reorder/`),
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
  reorder: SendCall<`PATCH ${typeof groupingRules}reorder/`>
}

/** Binds these rules to a client. */
export const createErrorTrackingGroupingRules: Resource<ErrorTrackingGroupingRules> = (api) => ({
  ...collection(api, groupingRules, groupingRule),
  ...hardDeletes(api, groupingRule),
  reorder: sendCall(api, `PATCH ${groupingRules}reorder/`),
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
  reorder: SendCall<`PATCH ${typeof suppressionRules}reorder/`>
}

/** Binds these rules to a client. */
export const createErrorTrackingSuppressionRules: Resource<ErrorTrackingSuppressionRules> = (api) => ({
  ...collection(api, suppressionRules, suppressionRule),
  ...hardDeletes(api, suppressionRule),
  reorder: sendCall(api, `PATCH ${suppressionRules}reorder/`),
})

const path = '/api/projects/{project_id}/error_tracking/git-provider-file-links/'

/** Links from a stack frame to the line of code in its repository. */
export interface ErrorTrackingSymbolLinks {
  /**
   * Where a line of code is on GitHub.
   *
   * @example const { url } = await posthog.errorTracking.symbolLinks.github({ owner, repository, file_name, code_sample })
   */
  github: AskCall<`GET ${typeof path}resolve_github/`>
  /** Where a line of code is on GitLab. */
  gitlab: AskCall<`GET ${typeof path}resolve_gitlab/`>
}

/** Binds symbol links to a client. */
export const createErrorTrackingSymbolLinks: Resource<ErrorTrackingSymbolLinks> = (api) => ({
  github: readCall(api, `GET ${path}resolve_github/`),
  gitlab: readCall(api, `GET ${path}resolve_gitlab/`),
})
