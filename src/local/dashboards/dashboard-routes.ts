import { bulkTagsRoute } from '../collections/bulk-tags.ts'
import { findRecord } from '../collections/records.ts'
import { resourceRoutes } from '../collections/resource-routes.ts'
import { sharingRoutes } from '../collections/sharing-routes.ts'
import type { Route } from '../http/route.ts'
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
