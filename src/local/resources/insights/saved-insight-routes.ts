import type { Route } from '../../http/route.ts'
import { bulkTagsRoute } from '../../store/bulk-tags.ts'
import { findRecord } from '../../store/records.ts'
import { listActivityRoute, recordActivityRoute, resourceRoutes } from '../../store/resource-routes.ts'
import { sharingRoutes } from '../../store/sharing-routes.ts'
import { insights } from './saved-insights.ts'
import { thresholdRoutes } from './thresholds.ts'

const ONE = `${insights.path}/:id`

/** Saved insights, their activity, sharing and thresholds. */
export const savedInsightRoutes: readonly Route[] = [
  bulkTagsRoute(insights),
  listActivityRoute(insights),
  ...resourceRoutes(insights),
  recordActivityRoute(insights),
  ...sharingRoutes({
    path: ONE,
    kind: 'insight',
    throttle: 'clickhouse',
    idOf: (call) => findRecord(insights, call).id,
  }),
  ...thresholdRoutes,
]
