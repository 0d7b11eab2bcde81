import { requireProjectId } from '../../runtime/config/resolve.ts'
import { all as dashboards } from '../dashboards/dashboard.ts'
import { all as flags, one as oneFlag } from '../feature-flags/flag.ts'
import type { CallOptions, Requester } from '../requester.ts'
import { type Catalog, createCatalog } from './catalog.ts'
import type { ReferenceKind } from './references.ts'

/** Types of objects that can be copied. */
export type ProjectObjectType = 'featureFlag' | 'insightVariable' | 'insight' | 'endpoint' | 'dashboard'

/** One of the two projects of a comparison. */
export interface ProjectSide {
  readonly api: Requester
  /** Options of each call. */
  readonly options: CallOptions
  /** Name of the project in messages, such as `project 2`. */
  readonly label: string
  readonly catalogs: Readonly<Record<ProjectObjectType | ReferenceKind, Catalog>>
}

/** Opens one side of a comparison. */
export function openSide(api: Requester, options: CallOptions): ProjectSide {
  return {
    api,
    options,
    label: `project ${requireProjectId(api.config)}`,
    catalogs: {
      featureFlag: createCatalog({
        noun: 'feature flag',
        route: `GET ${flags}`,
        name: 'key',
        id: 'id',
        list: (search) => api.list(`GET ${flags}`, { query: searchFor(search) }, options),
        searches: true,
        get: (id) => api.request(`GET ${oneFlag}`, { path: { id: Number(id) } }, options),
      }),
      insightVariable: createCatalog({
        noun: 'SQL variable',
        route: 'GET /api/projects/{project_id}/insight_variables/',
        name: 'code_name',
        id: 'id',
        list: () => api.list('GET /api/projects/{project_id}/insight_variables/', {}, options),
        searches: false,
      }),
      insight: createCatalog({
        noun: 'insight',
        route: 'GET /api/projects/{project_id}/insights/',
        name: 'name',
        id: 'id',
        // `basic` leaves out results.
        list: (search) => {
          const query = { basic: true, saved: true, ...searchFor(search) }
          return api.list('GET /api/projects/{project_id}/insights/', { query }, options)
        },
        searches: true,
      }),
      endpoint: createCatalog({
        noun: 'endpoint',
        route: 'GET /api/projects/{project_id}/endpoints/',
        name: 'name',
        id: 'name',
        list: () => api.list('GET /api/projects/{project_id}/endpoints/', {}, options),
        searches: false,
      }),
      dashboard: createCatalog({
        noun: 'dashboard',
        route: `GET ${dashboards}`,
        name: 'name',
        id: 'id',
        list: (search) => api.list(`GET ${dashboards}`, { query: searchFor(search) }, options),
        searches: true,
      }),
      cohort: createCatalog({
        noun: 'cohort',
        route: 'GET /api/projects/{project_id}/cohorts/',
        name: 'name',
        id: 'id',
        list: (search) => {
          const query = { basic: true, ...searchFor(search) }
          return api.list('GET /api/projects/{project_id}/cohorts/', { query }, options)
        },
        searches: true,
        get: (id) => {
          return api.request(
            'GET /api/projects/{project_id}/cohorts/{id}/',
            { path: { id: Number(id) } },
            options,
          )
        },
      }),
      action: createCatalog({
        noun: 'action',
        route: 'GET /api/projects/{project_id}/actions/',
        name: 'name',
        id: 'id',
        list: (search) => {
          return api.list('GET /api/projects/{project_id}/actions/', { query: searchFor(search) }, options)
        },
        searches: true,
        get: (id) => {
          return api.request(
            'GET /api/projects/{project_id}/actions/{id}/',
            { path: { id: Number(id) } },
            options,
          )
        },
      }),
      groupType: createCatalog({
        noun: 'group type',
        route: 'GET /api/projects/{project_id}/groups_types/',
        name: 'group_type',
        id: 'group_type_index',
        list: () => api.list('GET /api/projects/{project_id}/groups_types/', {}, options),
        searches: false,
      }),
    },
  }
}

function searchFor(search: string | undefined): { readonly search?: string } {
  return search === undefined ? {} : { search }
}
