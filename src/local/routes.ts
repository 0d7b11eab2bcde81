import { notFound } from './http/api-error.ts'
import type { Route } from './http/route.ts'
import { activityLogRoute } from './resources/account/activity-log.ts'
import { currentUserRoute, userRoutes } from './resources/account/current-user.ts'
import { keyRoutes } from './resources/account/key-routes.ts'
import { actionRoutes } from './resources/actions/actions.ts'
import { alertRoutes } from './resources/alerts/alerts.ts'
import { annotationRoutes } from './resources/annotations/annotations.ts'
import { batchExportRoutes } from './resources/batch-exports/batch-export-routes.ts'
import { fileDownloadRoutes } from './resources/batch-exports/file-downloads.ts'
import { cohortRoutes } from './resources/cohorts/cohort-routes.ts'
import { commentRoutes } from './resources/comments/comments.ts'
import { dashboardRoutes } from './resources/dashboards/dashboard-routes.ts'
import { afterSync } from './resources/definitions/definitions.ts'
import { eventDefinitionRoutes } from './resources/definitions/event-definitions.ts'
import { propertyDefinitionRoutes } from './resources/definitions/property-definitions.ts'
import { earlyAccessRoutes } from './resources/early-access-features/early-access-features.ts'
import { endpointRoutes } from './resources/endpoints/endpoint-routes.ts'
import { errorTrackingRoutes } from './resources/error-tracking/error-tracking-routes.ts'
import { eventRoutes } from './resources/events/event-routes.ts'
import { experimentRoutes } from './resources/experiments/experiment-routes.ts'
import { exportRoutes } from './resources/exports/export-routes.ts'
import { flagRoutes } from './resources/feature-flags/flag-routes.ts'
import { groupRoutes } from './resources/groups/group-routes.ts'
import { hogFunctionRoutes } from './resources/hog-functions/hog-functions.ts'
import { savedInsightRoutes } from './resources/insights/saved-insight-routes.ts'
import { integrationRoutes } from './resources/integrations/integrations.ts'
import { notebookRoutes } from './resources/notebooks/notebooks.ts'
import { organizationRoutes } from './resources/organizations/organization-routes.ts'
import { personRoutes } from './resources/persons/person-routes.ts'
import { queryRoutes } from './resources/query/query-route.ts'
import { recordingRoutes } from './resources/recordings/recording-routes.ts'
import { applyDueChanges } from './resources/scheduled-changes/due-changes.ts'
import { scheduledChangeRoutes } from './resources/scheduled-changes/scheduled-changes.ts'
import { subscriptionRoutes } from './resources/subscriptions/subscriptions.ts'
import { surveyRoutes } from './resources/surveys/survey-routes.ts'
import { insightVariableRoutes } from './resources/variables/insight-variable-routes.ts'
import { externalDataSourceRoutes } from './resources/warehouse/external-data-sources.ts'
import { warehouseRoutes } from './resources/warehouse/warehouse.ts'

/** The OpenAPI document. It is public, and 404 unless the server has a document. */
const schemaRoute: Route = {
  path: 'schema',
  throttle: 'default',
  public: true,
  methods: {
    GET: {
      handle: async ({ state }) => {
        if (state.schema === undefined) throw notFound('Endpoint not found.')
        return new Response(await state.schema(), {
          headers: { 'Content-Type': 'application/vnd.oai.openapi+json' },
        })
      },
    },
  },
}

/** All routes below `/api`. */
export const apiRoutes: readonly Route[] = [
  schemaRoute,
  activityLogRoute,
  currentUserRoute,
  ...userRoutes,
  ...actionRoutes,
  ...alertRoutes,
  ...annotationRoutes,
  ...batchExportRoutes,
  ...cohortRoutes,
  ...commentRoutes,
  ...dashboardRoutes,
  ...earlyAccessRoutes,
  ...endpointRoutes,
  ...errorTrackingRoutes,
  ...eventDefinitionRoutes,
  ...eventRoutes,
  ...experimentRoutes,
  ...exportRoutes,
  ...fileDownloadRoutes,
  ...afterSync(applyDueChanges, flagRoutes),
  ...groupRoutes,
  ...hogFunctionRoutes,
  ...insightVariableRoutes,
  ...integrationRoutes,
  ...keyRoutes,
  ...notebookRoutes,
  ...organizationRoutes,
  ...personRoutes,
  ...propertyDefinitionRoutes,
  ...queryRoutes,
  ...recordingRoutes,
  ...savedInsightRoutes,
  ...afterSync(applyDueChanges, scheduledChangeRoutes),
  ...subscriptionRoutes,
  ...surveyRoutes,
  ...externalDataSourceRoutes,
  ...warehouseRoutes,
]
