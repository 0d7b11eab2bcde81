import { actionRoutes } from './actions/action-routes.ts'
import { activityLogRoutes } from './activity-log-route.ts'
import { alertRoutes } from './alerts/alert-routes.ts'
import { batchExportRoutes } from './batch-exports/batch-export-routes.ts'
import { annotationRoutes } from './comments/annotation-routes.ts'
import { commentRoutes } from './comments/comment-routes.ts'
import { dashboardRoutes } from './dashboards/dashboard-routes.ts'
import { errorTrackingRoutes } from './error-tracking/error-tracking-routes.ts'
import { experimentRoutes } from './experiments/experiment-routes.ts'
import { exportRoutes } from './exports/export-routes.ts'
import { earlyAccessRoutes } from './flags/early-access-routes.ts'
import { hogFunctionRoutes } from './hog-functions/hog-function-routes.ts'
import type { Route } from './http/route.ts'
import { savedInsightRoutes } from './insights/saved-insight-routes.ts'
import { integrationRoutes } from './integrations/integration-routes.ts'
import { notebookRoutes } from './notebooks/notebook-routes.ts'
import { organizationRoutes } from './organizations/organization-routes.ts'
import { recordingRoutes } from './recordings/recording-routes.ts'
import { subscriptionRoutes } from './subscriptions/subscription-routes.ts'
import { surveyRoutes } from './surveys/survey-routes.ts'
import { warehouseRoutes } from './warehouse/warehouse-routes.ts'

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
