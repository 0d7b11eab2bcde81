import type { Route } from './http/route.ts'
import { actionRoutes } from './resources/actions/action-routes.ts'
import { activityLogRoutes } from './resources/activity/activity-log-route.ts'
import { alertRoutes } from './resources/alerts/alert-routes.ts'
import { batchExportRoutes } from './resources/batch-exports/batch-export-routes.ts'
import { annotationRoutes } from './resources/comments/annotation-routes.ts'
import { commentRoutes } from './resources/comments/comment-routes.ts'
import { dashboardRoutes } from './resources/dashboards/dashboard-routes.ts'
import { earlyAccessRoutes } from './resources/early-access-features/early-access-routes.ts'
import { errorTrackingRoutes } from './resources/error-tracking/error-tracking-routes.ts'
import { experimentRoutes } from './resources/experiments/experiment-routes.ts'
import { exportRoutes } from './resources/exports/export-routes.ts'
import { hogFunctionRoutes } from './resources/hog-functions/hog-function-routes.ts'
import { savedInsightRoutes } from './resources/insights/saved-insight-routes.ts'
import { integrationRoutes } from './resources/integrations/integration-routes.ts'
import { notebookRoutes } from './resources/notebooks/notebook-routes.ts'
import { organizationRoutes } from './resources/organizations/organization-routes.ts'
import { recordingRoutes } from './resources/recordings/recording-routes.ts'
import { subscriptionRoutes } from './resources/subscriptions/subscription-routes.ts'
import { surveyRoutes } from './resources/surveys/survey-routes.ts'
import { warehouseRoutes } from './resources/warehouse/warehouse-routes.ts'

/** The resources that callers manage. */
export const managedRoutes: readonly Route[] = [
  ...actionRoutes,
  ...activityLogRoutes,
  ...alertRoutes,
  ...annotationRoutes,
  ...batchExportRoutes,
  ...commentRoutes,
  ...dashboardRoutes,
  ...earlyAccessRoutes,
  ...errorTrackingRoutes,
  ...experimentRoutes,
  ...exportRoutes,
  ...hogFunctionRoutes,
  ...integrationRoutes,
  ...notebookRoutes,
  ...organizationRoutes,
  ...recordingRoutes,
  ...savedInsightRoutes,
  ...subscriptionRoutes,
  ...surveyRoutes,
  ...warehouseRoutes,
]
