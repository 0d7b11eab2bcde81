import { type SendCall, sendCall } from '../calls.ts'
import type { AnswerOf } from '../routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from '../verbs.ts'

const all = '/api/projects/{project_id}/error_tracking/assignment_rules/'
const one = '/api/projects/{project_id}/error_tracking/assignment_rules/{id}/'

/** Gives new issues to somebody. */
export type ErrorTrackingAssignmentRule = AnswerOf<`GET ${typeof one}`>

/** Rules that give new issues to somebody. */
export interface ErrorTrackingAssignmentRules
  extends Collection<typeof all, typeof one>,
    HardDeletes<`DELETE ${typeof one}`> {
  /** Puts the rules into another order, by the place of each id; the first that fits counts. */
  reorder: SendCall<`PATCH ${typeof all}reorder/`>
}

/** Binds these rules to a client. */
export const createErrorTrackingAssignmentRules: Resource<ErrorTrackingAssignmentRules> = (api) => ({
  ...collection(api, all, one),
  ...hardDeletes(api, one),
  reorder: sendCall(api, `PATCH ${all}reorder/`),
})
