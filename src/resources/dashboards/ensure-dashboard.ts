import { type OptionNames, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { requireObject, requireText } from '../check-arguments.ts'
import { differingFields, onlyOne } from '../ensure.ts'
import type { BodyOf, CallOptions, Requester } from '../requester.ts'
import { type Change, type Revertible, revertible, type Undo, unchanged, undoChange } from '../revert.ts'
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
): Promise<EnsuredDashboard & Revertible<Dashboard>> {
  requireText('name', name)
  requireObject('definition', definition)
  rejectUnknownOptions('ensure', definition, fieldNames)
  const found = onlyOne(await dashboardsNamed(api, name, options), `dashboards named "${name}"`)
  if (found === undefined) {
    // The body of POST has the fields of PATCH, by other names of their types.
    const body = { ...definition, name } as BodyOf<`POST ${typeof all}`>
    const dashboard = await api.request(`POST ${all}`, { body }, options)
    const content = ['name', ...Object.keys(fieldNames), 'tiles']
    return revertible(
      { dashboard, created: true, changes: {} },
      undoWrite(api, undefined, dashboard, content),
    )
  }
  const path = { id: found.id }
  const dashboard = await api.request(`GET ${one}`, { path }, options)
  const changes = differingFields(dashboard, definition)
  const fields = Object.keys(changes)
  if (fields.length === 0) return unchanged({ dashboard, created: false, changes }, dashboard)
  const changed = await api.request(`PATCH ${one}`, { path, body: changes }, options)
  return revertible(
    { dashboard: changed, created: false, changes },
    undoWrite(api, dashboard, changed, fields),
  )
}

/** Dashboards have no version, so only the given fields show whether someone changed one since. */
function undoWrite(
  api: Requester,
  before: Dashboard | undefined,
  after: Dashboard,
  fields: readonly string[],
): Undo<Dashboard> {
  const path = { id: after.id }
  const change: Change<Dashboard> = {
    name: `The dashboard ${after.id}`,
    route: `PATCH ${one}`,
    before,
    after,
    fields,
    read: (options) => api.request(`GET ${one}`, { path }, options),
    write: (body, options) => api.request(`PATCH ${one}`, { path, body }, options),
  }
  return (options) => undoChange(change, options)
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
