import type { ResponseOf } from '../requester.ts'
import { type Collection, collection, type Resource, type SoftDeletable, softDeletes } from '../verbs.ts'

const templates = '/api/projects/{project_id}/dashboard_templates/'
const template = '/api/projects/{project_id}/dashboard_templates/{id}/'

/** A dashboard template. */
export interface DashboardTemplate extends ResponseOf<`GET ${typeof template}`> {}

/** Dashboard templates. */
export interface DashboardTemplates
  extends Collection<typeof templates, typeof template>,
    SoftDeletable<`PATCH ${typeof template}`> {}

/** Creates the dashboard templates resource. */
export const createDashboardTemplates: Resource<DashboardTemplates> = (api) => ({
  ...collection(api, templates, template),
  ...softDeletes(api, template),
})
