import { type OptionNames, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { requireObject, requireText } from '../check-arguments.ts'
import { differingFields, onlyOne } from '../ensure.ts'
import type { BodyOf, CallOptions, Requester } from '../requester.ts'
import { all, type Dashboard, one } from './dashboard.ts'

/** The desired state of a dashboard. Omitted fields stay unchanged. */
export type DashboardDefinition = Pick<
  BodyOf<`PATCH ${typeof one}`>,
  | 'breakdown_colors'
  | 'data_color_theme_id'
  | 'description'
  | 'filters'
  | 'pinned'
  | 'quick_filter_ids'
  | 'restriction_level'
  | 'tags'
>

const fieldNames: OptionNames<DashboardDefinition> = {
  breakdown_colors: true,
  data_color_theme_id: true,
  description: true,
  filters: true,
  pinned: true,
  quick_filter_ids: true,
  restriction_level: true,
  tags: true,
}

/** The result of `dashboards.ensure`. */
export interface EnsuredDashboard {
  readonly dashboard: Dashboard
  /** Whether the dashboard was created. */
  readonly created: boolean
  /** The fields that differed. */
  readonly changes: Partial<DashboardDefinition>
}

/** Maximum length of a search. Source: PostHog/posthog products/dashboards/backend/api/dashboard.py. */
const maxSearch = 200

/** Creates a dashboard, or updates the fields that differ if one with the name exists. */
export async function ensureDashboard(
  api: Requester,
  name: string,
  definition: DashboardDefinition = {},
  options: CallOptions = {},
): Promise<EnsuredDashboard> {
  requireText('name', name)
  requireObject('definition', definition)
  rejectUnknownOptions('ensure', definition, fieldNames)
  const found = onlyOne(await dashboardsNamed(api, name, options), `dashboards named "${name}"`)
  if (found === undefined) {
    // The body of POST has the fields of PATCH, by other names of their types.
    const body = { ...definition, name } as BodyOf<`POST ${typeof all}`>
    return { dashboard: await api.request(`POST ${all}`, { body }, options), created: true, changes: {} }
  }
  const path = { id: found.id }
  const dashboard = await api.request(`GET ${one}`, { path }, options)
  const changes = differingFields(dashboard, definition)
  if (Object.keys(changes).length === 0) return { dashboard, created: false, changes }
  return {
    dashboard: await api.request(`PATCH ${one}`, { path, body: changes }, options),
    created: false,
    changes,
  }
}

async function dashboardsNamed(
  api: Requester,
  name: string,
  options: CallOptions,
): Promise<{ readonly id: number }[]> {
  const found: { readonly id: number }[] = []
  // PostHog searches for a substring, so other names may match.
  const query = name.length > maxSearch ? {} : { search: name }
  for await (const dashboard of api.list(`GET ${all}`, { query }, options)) {
    if (dashboard.name === name) found.push(dashboard)
  }
  return found
}
