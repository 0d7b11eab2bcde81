import { activityRoute } from '../collections/activity-routes.ts'
import { bulkTagsRoute } from '../collections/bulk-tags.ts'
import { findRecord } from '../collections/records.ts'
import { resourceRoutes } from '../collections/resource-routes.ts'
import { sharingRoutes } from '../collections/sharing-routes.ts'
import type { Route } from '../http/route.ts'
import { insights } from './saved-insights.ts'
import { thresholdRoutes } from './thresholds.ts'

const ONE = `${insights.path}/:id`

/** Saved insights, their activity, sharing and thresholds. */
export const savedInsightRoutes: readonly Route[] = [
  bulkTagsRoute(insights),
  activityRoute(`${insights.path}/activity`, 'Insight', undefined, 'clickhouse'),
  ...resourceRoutes(insights),
  activityRoute(`${ONE}/activity`, 'Insight', (call) => findRecord(insights, call).id, 'clickhouse'),
  ...sharingRoutes({
    path: ONE,
    kind: 'insight',
    throttle: 'clickhouse',
    idOf: (call) => findRecord(insights, call).id,
  }),
  ...thresholdRoutes,
]
