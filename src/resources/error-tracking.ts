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

/** An error tracking issue. */
export type ErrorTrackingIssue = ResponseOf<`GET ${typeof issue}`>

/** Error tracking issues: groups of similar exceptions. PostHog creates them from events and never deletes them. */
export interface ErrorTrackingIssues
  extends Listable<`GET ${typeof issues}`>,
    Readable<`GET ${typeof issue}`>,
    Updatable<`PATCH ${typeof issue}`>,
    HasActivity<`GET ${typeof issue}activity/`> {
  /**
   * Assigns an issue to a user or a role. `null` unassigns it.
   *
   * @example await posthog.errorTracking.issues.assign(id, { assignee: { type: 'user', id: 3 } })
   */
  assign: IdBodyMethod<`PATCH ${typeof issue}assign/`>
  /**
   * Merges other issues into one.
   *
   * @example await posthog.errorTracking.issues.merge(id, { ids: [duplicateId] })
   */
  merge: IdBodyMethod<`POST ${typeof issue}merge/`>
  /** Splits fingerprints of an issue into new issues. */
  split: IdBodyMethod<`POST ${typeof issue}split/`>
  /**
   * Sets the status or the assignee of several issues.
   *
   * @example await posthog.errorTracking.issues.updateMany({ ids, action: 'set_status', status: 'resolved' })
   */
  updateMany: BodyMethod<`POST ${typeof issues}bulk/`>
}

/** Creates the error tracking issues resource. */
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

/** A fingerprint, which identifies exceptions of the same issue. */
export type ErrorTrackingFingerprint = ResponseOf<`GET ${typeof fingerprint}`>

/** Fingerprints and the issues that they belong to. */
export interface ErrorTrackingFingerprints
  extends Listable<`GET ${typeof fingerprints}`>,
    Readable<`GET ${typeof fingerprint}`> {}

/** Creates the fingerprints resource. */
export const createErrorTrackingFingerprints: Resource<ErrorTrackingFingerprints> = (api) => ({
  list: listMethod(api, `GET ${fingerprints}`, 'query?'),
  get: method(api, `GET ${fingerprint}`, 'id'),
})

const assignmentRules = '/api/projects/{project_id}/error_tracking/assignment_rules/'
const assignmentRule = '/api/projects/{project_id}/error_tracking/assignment_rules/{id}/'

/** A rule that assigns new issues to a user or a role. */
export type ErrorTrackingAssignmentRule = ResponseOf<`GET ${typeof assignmentRule}`>

/** Rules that assign new issues to a user or a role. */
export interface ErrorTrackingAssignmentRules
  extends Collection<typeof assignmentRules, typeof assignmentRule>,
    HardDeletable<`DELETE ${typeof assignmentRule}`> {
  /** Reorders the rules, by the position of each id. The first matching rule applies. */
  reorder: BodyMethod<`PATCH ${typeof assignmentRules}reorder/`>
}

/** Creates the assignment rules resource. */
export const createErrorTrackingAssignmentRules: Resource<ErrorTrackingAssignmentRules> = (api) => ({
  ...collection(api, assignmentRules, assignmentRule),
  ...hardDeletes(api, assignmentRule),
  reorder: method(api, `PATCH ${assignmentRules}reorder/`, 'body'),
})

const groupingRules = '/api/projects/{project_id}/error_tracking/grouping_rules/'
const groupingRule = '/api/projects/{project_id}/error_tracking/grouping_rules/{id}/'

/** A rule that groups exceptions into one issue. */
export type ErrorTrackingGroupingRule = ResponseOf<`GET ${typeof groupingRule}`>

/** Rules that group exceptions into one issue. */
export interface ErrorTrackingGroupingRules
  extends Collection<typeof groupingRules, typeof groupingRule>,
    HardDeletable<`DELETE ${typeof groupingRule}`> {
  /** Reorders the rules, by the position of each id. The first matching rule applies. */
  reorder: BodyMethod<`PATCH ${typeof groupingRules}reorder/`>
}

/** Creates the grouping rules resource. */
export const createErrorTrackingGroupingRules: Resource<ErrorTrackingGroupingRules> = (api) => ({
  ...collection(api, groupingRules, groupingRule),
  ...hardDeletes(api, groupingRule),
  reorder: method(api, `PATCH ${groupingRules}reorder/`, 'body'),
})

const suppressionRules = '/api/projects/{project_id}/error_tracking/suppression_rules/'
const suppressionRule = '/api/projects/{project_id}/error_tracking/suppression_rules/{id}/'

/** A rule that suppresses exceptions. */
export type ErrorTrackingSuppressionRule = ResponseOf<`GET ${typeof suppressionRule}`>

/** Rules that suppress exceptions. */
export interface ErrorTrackingSuppressionRules
  extends Collection<typeof suppressionRules, typeof suppressionRule>,
    HardDeletable<`DELETE ${typeof suppressionRule}`> {
  /** Reorders the rules, by the position of each id. The first matching rule applies. */
  reorder: BodyMethod<`PATCH ${typeof suppressionRules}reorder/`>
}

/** Creates the suppression rules resource. */
export const createErrorTrackingSuppressionRules: Resource<ErrorTrackingSuppressionRules> = (api) => ({
  ...collection(api, suppressionRules, suppressionRule),
  ...hardDeletes(api, suppressionRule),
  reorder: method(api, `PATCH ${suppressionRules}reorder/`, 'body'),
})

const fileLinks = '/api/projects/{project_id}/error_tracking/git-provider-file-links/'

/** Links from a stack frame to its source line. */
export interface ErrorTrackingSymbolLinks {
  /**
   * Resolves the GitHub URL of a source line.
   *
   * @example const { url } = await posthog.errorTracking.symbolLinks.github({ owner, repository, file_name, code_sample })
   */
  github: QueryMethod<`GET ${typeof fileLinks}resolve_github/`>
  /** Resolves the GitLab URL of a source line. */
  gitlab: QueryMethod<`GET ${typeof fileLinks}resolve_gitlab/`>
}

/** Creates the symbol links resource. */
export const createErrorTrackingSymbolLinks: Resource<ErrorTrackingSymbolLinks> = (api) => ({
  github: method(api, `GET ${fileLinks}resolve_github/`, 'query?'),
  gitlab: method(api, `GET ${fileLinks}resolve_gitlab/`, 'query?'),
})
