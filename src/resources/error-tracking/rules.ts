import { type BodyMethod, method } from '../methods.ts'
import type { ResponseOf } from '../requester.ts'
import { type Collection, collection, type HardDeletable, hardDeletes, type Resource } from '../verbs.ts'

const assignmentRules = '/api/projects/{project_id}/error_tracking/assignment_rules/'
const assignmentRule = '/api/projects/{project_id}/error_tracking/assignment_rules/{id}/'

/** A rule that assigns new issues to a user or a role. */
export interface ErrorTrackingAssignmentRule extends ResponseOf<`GET ${typeof assignmentRule}`> {}

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
export interface ErrorTrackingGroupingRule extends ResponseOf<`GET ${typeof groupingRule}`> {}

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
export interface ErrorTrackingSuppressionRule extends ResponseOf<`GET ${typeof suppressionRule}`> {}

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

const severityRules = '/api/projects/{project_id}/error_tracking/severity_rules/'
const severityRule = '/api/projects/{project_id}/error_tracking/severity_rules/{id}/'

/** A rule that sets the severity of new issues. */
export interface ErrorTrackingSeverityRule extends ResponseOf<`GET ${typeof severityRule}`> {}

/** Rules that set the severity of new issues. */
export interface ErrorTrackingSeverityRules
  extends Collection<typeof severityRules, typeof severityRule>,
    HardDeletable<`DELETE ${typeof severityRule}`> {
  /** Reorders the rules, by the position of each id. The first matching rule applies. */
  reorder: BodyMethod<`PATCH ${typeof severityRules}reorder/`>
}

/** Creates the severity rules resource. */
export const createErrorTrackingSeverityRules: Resource<ErrorTrackingSeverityRules> = (api) => ({
  ...collection(api, severityRules, severityRule),
  ...hardDeletes(api, severityRule),
  reorder: method(api, `PATCH ${severityRules}reorder/`, 'body'),
})

const bypassRules = '/api/projects/{project_id}/error_tracking/bypass_rules/'
const bypassRule = '/api/projects/{project_id}/error_tracking/bypass_rules/{id}/'

/** A rule that exempts exceptions from the rate limits of error tracking. */
export interface ErrorTrackingBypassRule extends ResponseOf<`GET ${typeof bypassRule}`> {}

/** Rules that exempt exceptions from the rate limits of error tracking. Each needs at least one filter. */
export interface ErrorTrackingBypassRules
  extends Collection<typeof bypassRules, typeof bypassRule>,
    HardDeletable<`DELETE ${typeof bypassRule}`> {
  /** Reorders the rules, by the position of each id. The first matching rule applies. */
  reorder: BodyMethod<`PATCH ${typeof bypassRules}reorder/`>
}

/** Creates the bypass rules resource. */
export const createErrorTrackingBypassRules: Resource<ErrorTrackingBypassRules> = (api) => ({
  ...collection(api, bypassRules, bypassRule),
  ...hardDeletes(api, bypassRule),
  reorder: method(api, `PATCH ${bypassRules}reorder/`, 'body'),
})
