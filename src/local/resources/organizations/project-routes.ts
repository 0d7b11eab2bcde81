import { envelope } from '../../http/api-error.ts'
import type { Route } from '../../http/route.ts'
import { type JsonRecord, randomText, type StoredRecord } from '../../store/collection.ts'
import { changeRecord, findRecord } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, recordResponse, resourceRoutes } from '../../store/resource-routes.ts'
import { activityRoute } from '../activity/activity-routes.ts'
import { organizationOf } from './organization-of.ts'
import { PROJECT_FIELDS } from './project-fields.ts'
import { briefProject, projectView } from './project-view.ts'
import { newProject, PROJECTS, projectToken } from './projects.ts'

const projects: Resource = {
  kind: PROJECTS,
  path: 'organizations/:organization/projects',
  object: 'project',
  fields: PROJECT_FIELDS,
  deletion: 'hard',
  activity: 'Project',
  oldestFirst: true,
  owner: organizationOf,
  search: ['name'],
  prepareCreate: newProject,
  beforeDelete: ({ world }, { id }) => {
    if (id !== world.projectId) return
    const detail = 'The local PostHog keeps the project that holds its data.'
    throw envelope(409, 'server_error', 'conflict', detail)
  },
  view: (call, project, list) =>
    list ? briefProject(project, organizationOf(call)) : projectView(project, organizationOf(call)),
  onlyInList: Object.keys(briefProject({ id: 0 }, '')),
}

const ONE = `${projects.path}/:id`

const TOKENS: Readonly<Record<string, (project: StoredRecord) => JsonRecord>> = {
  reset_token: () => ({ api_token: projectToken() }),
  // The old secret goes on working until its backup is deleted.
  rotate_secret_token: ({ secret_api_token }) => ({
    secret_api_token: `phs_${randomText(43)}`,
    secret_api_token_backup: secret_api_token,
  }),
  delete_secret_token_backup: () => ({ secret_api_token_backup: null }),
}

/** The projects of an organization. */
export const projectRoutes: readonly Route[] = [
  ...resourceRoutes(projects),
  activityRoute(`${ONE}/activity`, 'Project', (call) => findRecord(projects, call).id),
  ...Object.entries(TOKENS).map(([name, change]) =>
    actionRoute('PATCH', `${ONE}/${name}`, 'project:write', async (call) => {
      const project = findRecord(projects, call)
      return recordResponse(projects, call, await changeRecord(projects, call, project, change(project)))
    }),
  ),
]
