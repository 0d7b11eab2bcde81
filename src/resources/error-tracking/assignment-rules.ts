import { type SendCall, sendCall } from '../calls.ts'
import type { AnswerOf } from '../routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from '../verbs.ts'

const assignmentRules = '/api/projects/{project_id}/error_tracking/assignment_rules/'
const assignmentRule = '/api/projects/{project_id}/error_tracking/assignment_rules/{id}/'

/** Gives new issues to somebody. */
export type ErrorTrackingAssignmentRule = AnswerOf<`GET ${typeof assignmentRule}`>

/** Rules that give new issues to somebody. */
export interface ErrorTrackingAssignmentRules
  extends Collection<typeof assignmentRules, typeof assignmentRule>,
    HardDeletes<`DELETE ${typeof assignmentRule}`> {
  /** Puts the rules into another order, by the place of each id; the first that fits counts. */
  reorder: SendCall<`PATCH ${typeof assignmentRules}reorder/`>
}

/** Binds these rules to a client. */
export const createErrorTrackingAssignmentRules: Resource<ErrorTrackingAssignmentRules> = (api) => ({
  ...collection(api, assignmentRules, assignmentRule),
  ...hardDeletes(api, assignmentRule),
  reorder: sendCall(api, `PATCH ${assignmentRules}reorder/`),
})
