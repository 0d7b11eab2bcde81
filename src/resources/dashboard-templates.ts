import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type Resource, type SoftDeletes, softDeletes } from './verbs.ts'

const templates = '/api/projects/{project_id}/dashboard_templates/'
const template = '/api/projects/{project_id}/dashboard_templates/{id}/'

/** What a dashboard can be made from. */
export type DashboardTemplate = AnswerOf<`GET ${typeof template}`>

/** What dashboards can be made from. */
export interface DashboardTemplates
  extends Collection<typeof templates, typeof template>,
    SoftDeletes<`PATCH ${typeof template}`> {}

/** Binds dashboard templates to a client. */
export const createDashboardTemplates: Resource<DashboardTemplates> = (api) => ({
  ...collection(api, templates, template),
  ...softDeletes(api, template),
})
