import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type Resource, type SoftDeletes, softDeletes } from './verbs.ts'

const all = '/api/projects/{project_id}/dashboard_templates/'
const one = '/api/projects/{project_id}/dashboard_templates/{id}/'

/** What a dashboard can be made from. */
export type DashboardTemplate = AnswerOf<`GET ${typeof one}`>

/** What dashboards can be made from. */
export interface DashboardTemplates
  extends Collection<typeof all, typeof one>,
    SoftDeletes<`PATCH ${typeof one}`> {}

/** Binds dashboard templates to a client. */
export const createDashboardTemplates: Resource<DashboardTemplates> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
})
