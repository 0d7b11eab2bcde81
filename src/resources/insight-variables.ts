import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const variables = '/api/projects/{project_id}/insight_variables/'
const variable = '/api/projects/{project_id}/insight_variables/{id}/'

/** A variable of SQL insights. */
export type InsightVariable = AnswerOf<`GET ${typeof variable}`>

/** Variables that SQL insights and endpoints share, as `{variables.code_name}`. */
export interface InsightVariables
  extends Collection<typeof variables, typeof variable>,
    HardDeletes<`DELETE ${typeof variable}`> {}

/** Binds SQL variables to a client. */
export const createInsightVariables: Resource<InsightVariables> = (api) => ({
  ...collection(api, variables, variable),
  ...hardDeletes(api, variable),
})
