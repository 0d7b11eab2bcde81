import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const all = '/api/projects/{project_id}/insight_variables/'
const one = '/api/projects/{project_id}/insight_variables/{id}/'

/** A variable of SQL insights. */
export type InsightVariable = AnswerOf<`GET ${typeof one}`>

/** Variables that SQL insights and endpoints share, as `{variables.code_name}`. */
export interface InsightVariables
  extends Collection<typeof all, typeof one>,
    HardDeletes<`DELETE ${typeof one}`> {}

/** Binds SQL variables to a client. */
export const createInsightVariables: Resource<InsightVariables> = (api) => ({
  ...collection(api, all, one),
  ...hardDeletes(api, one),
})
