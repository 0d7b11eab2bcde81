import { type SendCall, sendCall } from '../calls.ts'
import type { AnswerOf } from '../routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from '../verbs.ts'

const all = '/api/projects/{project_id}/error_tracking/suppression_rules/'
const one = '/api/projects/{project_id}/error_tracking/suppression_rules/{id}/'

/** Leaves exceptions out. */
export type ErrorTrackingSuppressionRule = AnswerOf<`GET ${typeof one}`>

/** Rules that leave exceptions out. */
export interface ErrorTrackingSuppressionRules
  extends Collection<typeof all, typeof one>,
    HardDeletes<`DELETE ${typeof one}`> {
  /** Puts the rules into another order, by the place of each id; the first that fits counts. */
  reorder: SendCall<`PATCH ${typeof all}reorder/`>
}

/** Binds these rules to a client. */
export const createErrorTrackingSuppressionRules: Resource<ErrorTrackingSuppressionRules> = (api) => ({
  ...collection(api, all, one),
  ...hardDeletes(api, one),
  reorder: sendCall(api, `PATCH ${all}reorder/`),
})
