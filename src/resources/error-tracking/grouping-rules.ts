import { type SendCall, sendCall } from '../calls.ts'
import type { AnswerOf } from '../routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from '../verbs.ts'

const groupingRules = '/api/projects/{project_id}/error_tracking/grouping_rules/'
const groupingRule = '/api/projects/{project_id}/error_tracking/grouping_rules/{id}/'

/** Makes exceptions count as the same issue. */
export type ErrorTrackingGroupingRule = AnswerOf<`GET ${typeof groupingRule}`>

/** Rules that make exceptions count as the same issue. */
export interface ErrorTrackingGroupingRules
  extends Collection<typeof groupingRules, typeof groupingRule>,
    HardDeletes<`DELETE ${typeof groupingRule}`> {
  /** Puts the rules into another order, by the place of each id; the first that fits counts. */
  reorder: SendCall<`PATCH ${typeof groupingRules}reorder/`>
}

/** Binds these rules to a client. */
export const createErrorTrackingGroupingRules: Resource<ErrorTrackingGroupingRules> = (api) => ({
  ...collection(api, groupingRules, groupingRule),
  ...hardDeletes(api, groupingRule),
  reorder: sendCall(api, `PATCH ${groupingRules}reorder/`),
})
