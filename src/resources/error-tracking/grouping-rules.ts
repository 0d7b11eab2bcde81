import { type SendCall, sendCall } from '../calls.ts'
import type { AnswerOf } from '../routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from '../verbs.ts'

const all = '/api/projects/{project_id}/error_tracking/grouping_rules/'
const one = '/api/projects/{project_id}/error_tracking/grouping_rules/{id}/'

/** Makes exceptions count as the same issue. */
export type ErrorTrackingGroupingRule = AnswerOf<`GET ${typeof one}`>

/** Rules that make exceptions count as the same issue. */
export interface ErrorTrackingGroupingRules
  extends Collection<typeof all, typeof one>,
    HardDeletes<`DELETE ${typeof one}`> {
  /** Puts the rules into another order, by the place of each id; the first that fits counts. */
  reorder: SendCall<`PATCH ${typeof all}reorder/`>
}

/** Binds these rules to a client. */
export const createErrorTrackingGroupingRules: Resource<ErrorTrackingGroupingRules> = (api) => ({
  ...collection(api, all, one),
  ...hardDeletes(api, one),
  reorder: sendCall(api, `PATCH ${all}reorder/`),
})
