import { type SendCall, sendCall } from '../calls.ts'
import type { AnswerOf } from '../routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from '../verbs.ts'

const suppressionRules = '/api/projects/{project_id}/error_tracking/suppression_rules/'
const suppressionRule = '/api/projects/{project_id}/error_tracking/suppression_rules/{id}/'

/** Leaves exceptions out. */
export type ErrorTrackingSuppressionRule = AnswerOf<`GET ${typeof suppressionRule}`>

/** Rules that leave exceptions out. */
export interface ErrorTrackingSuppressionRules
  extends Collection<typeof suppressionRules, typeof suppressionRule>,
    HardDeletes<`DELETE ${typeof suppressionRule}`> {
  /** Puts the rules into another order, by the place of each id; the first that fits counts. */
  reorder: SendCall<`PATCH ${typeof suppressionRules}reorder/`>
}

/** Binds these rules to a client. */
export const createErrorTrackingSuppressionRules: Resource<ErrorTrackingSuppressionRules> = (api) => ({
  ...collection(api, suppressionRules, suppressionRule),
  ...hardDeletes(api, suppressionRule),
  reorder: sendCall(api, `PATCH ${suppressionRules}reorder/`),
})
