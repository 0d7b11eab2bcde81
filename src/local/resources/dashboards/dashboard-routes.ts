import type { Route } from '../../http/route.ts'
import { bulkTagsRoute } from '../../store/bulk-tags.ts'
import { findRecord } from '../../store/records.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { sharingRoutes } from '../../store/sharing-routes.ts'
import { dashboards } from './dashboards.ts'
import { runRoutes } from './run-routes.ts'
import { templateRoutes } from './template-routes.ts'
import { tileRoutes } from './tile-routes.ts'

/** Dashboards, their tiles and sharing, and templates for them. */
export const dashboardRoutes: readonly Route[] = [
  bulkTagsRoute(dashboards),
  ...tileRoutes,
  ...runRoutes,
  ...resourceRoutes(dashboards),
  ...sharingRoutes({
    path: `${dashboards.path}/:id`,
    kind: 'dashboard',
    throttle: 'default',
    idOf: (call) => findRecord(dashboards, call).id,
  }),
  ...templateRoutes,
]
