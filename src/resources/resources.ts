import { type Actions, createActions } from './actions.ts'
import { type Alerts, createAlerts } from './alerts.ts'
import { type Annotations, createAnnotations } from './annotations.ts'
import { type ApiKeys, createApiKeys } from './api-keys.ts'
import { type BatchExports, createBatchExports } from './batch-exports.ts'
import { type Cohorts, createCohorts } from './cohorts/cohorts.ts'
import { type Comments, createComments } from './comments.ts'
import { createDashboardTemplates, type DashboardTemplates } from './dashboard-templates.ts'
import { createDashboards, type Dashboards } from './dashboards/dashboards.ts'
import { createEarlyAccessFeatures, type EarlyAccessFeatures } from './early-access-features.ts'
import { createEndpoints, type Endpoints } from './endpoints/endpoints.ts'
import { type ManageEndpoints, manageEndpoints } from './endpoints/manage-endpoints.ts'
import {
  createErrorTrackingAssignmentRules,
  type ErrorTrackingAssignmentRules,
} from './error-tracking/assignment-rules.ts'
import {
  createErrorTrackingFingerprints,
  type ErrorTrackingFingerprints,
} from './error-tracking/fingerprints.ts'
import {
  createErrorTrackingGroupingRules,
  type ErrorTrackingGroupingRules,
} from './error-tracking/grouping-rules.ts'
import { createErrorTrackingIssues, type ErrorTrackingIssues } from './error-tracking/issues.ts'
import {
  createErrorTrackingSuppressionRules,
  type ErrorTrackingSuppressionRules,
} from './error-tracking/suppression-rules.ts'
import {
  createErrorTrackingSymbolLinks,
  type ErrorTrackingSymbolLinks,
} from './error-tracking/symbol-links.ts'
import { createEventDefinitions, type EventDefinitions } from './event-definitions.ts'
import { createEvents, type Events } from './events/events.ts'
import { type ManageEvents, manageEvents } from './events/manage-events.ts'
import { createExperiments, type Experiments } from './experiments/experiments.ts'
import { createFeatureFlags, type FeatureFlags } from './feature-flags/feature-flags.ts'
import { createGroups, type Groups } from './groups.ts'
import { createHogFunctions, type HogFunctions } from './hog-functions.ts'
import { createInsightVariables, type InsightVariables } from './insight-variables.ts'
import { createInsights, type Insights } from './insights/insights.ts'
import { createIntegrations, type Integrations } from './integrations.ts'
import { createInvites, type Invites } from './invites.ts'
import { createMembers, type Members } from './members.ts'
import { createNotebooks, type Notebooks } from './notebooks.ts'
import { createOrganizations, type Organizations } from './organizations.ts'
import { createPersons, type Persons } from './persons/persons.ts'
import { createProjects, type Projects } from './projects.ts'
import { createPropertyDefinitions, type PropertyDefinitions } from './property-definitions.ts'
import { createQueries } from './query/queries.ts'
import type { Queries } from './query/query.ts'
import type { Requester } from './requester.ts'
import { createRoles, type Roles } from './roles.ts'
import { createSessionRecordings, type SessionRecordings } from './session-recordings.ts'
import { createSubscriptions, type Subscriptions } from './subscriptions.ts'
import { createSurveys, type Surveys } from './surveys.ts'
import { createUsers, type Users } from './users.ts'
import { createWarehouseSavedQueries, type WarehouseSavedQueries } from './warehouse/saved-queries.ts'
import { createWarehouseTables, type WarehouseTables } from './warehouse/tables.ts'

/** The resources of PostHog's API. */
export interface Resources {
  /** Events that are put together under a name. */
  readonly actions: Actions
  /** Watches over insights. */
  readonly alerts: Alerts
  /** Notes on the time axis of charts. */
  readonly annotations: Annotations
  /** What PostHog tells of keys. */
  readonly apiKeys: ApiKeys
  /** Data that PostHog sends elsewhere at intervals. */
  readonly batchExports: BatchExports
  /** Sets of persons. */
  readonly cohorts: Cohorts
  /** Comments on insights, dashboards, recordings and others. */
  readonly comments: Comments
  /** Insights on one page. */
  readonly dashboards: Dashboards
  /** What dashboards can be made from. */
  readonly dashboardTemplates: DashboardTemplates
  /** Features that people may opt into. */
  readonly earlyAccessFeatures: EarlyAccessFeatures
  /** Exceptions and what is done with them. */
  readonly errorTracking: {
    /** Rules that give new issues to somebody. */
    readonly assignmentRules: ErrorTrackingAssignmentRules
    /** What makes exceptions count as the same. */
    readonly fingerprints: ErrorTrackingFingerprints
    /** Rules that make exceptions count as the same issue. */
    readonly groupingRules: ErrorTrackingGroupingRules
    /** Exceptions that are taken for the same fault. */
    readonly issues: ErrorTrackingIssues
    /** Rules that leave exceptions out. */
    readonly suppressionRules: ErrorTrackingSuppressionRules
    /** Links from a stack frame to its line of code. */
    readonly symbolLinks: ErrorTrackingSymbolLinks
  }
  /** The team's own endpoints. */
  readonly endpoints: Endpoints & ManageEndpoints
  /** What the project says of its events. */
  readonly eventDefinitions: EventDefinitions
  /** The project's events. */
  readonly events: Events & ManageEvents
  /** Tests of variants. */
  readonly experiments: Experiments
  /** Feature flags. */
  readonly featureFlags: FeatureFlags
  /** Groups, such as companies. */
  readonly groups: Groups
  /** Functions that run for events: destinations, transformations. They took the place of plugins. */
  readonly hogFunctions: HogFunctions
  /** Saved queries and what they came to. */
  readonly insights: Insights
  /** Variables of SQL insights and endpoints. */
  readonly insightVariables: InsightVariables
  /** Connections to other services. */
  readonly integrations: Integrations
  /** Invitations into an organization. */
  readonly invites: Invites
  /** The users of an organization. */
  readonly members: Members
  /** Notebooks. Unstable. */
  readonly notebooks: Notebooks
  /** Organizations of the key's user. */
  readonly organizations: Organizations
  /** Persons. */
  readonly persons: Persons
  /** The projects of an organization. */
  readonly projects: Projects
  /** What the project says of properties. */
  readonly propertyDefinitions: PropertyDefinitions
  /** Queries of every kind, such as trends and funnels. */
  readonly query: Queries
  /** Roles of an organization. */
  readonly roles: Roles
  /** Recorded sessions. */
  readonly sessionRecordings: SessionRecordings
  /** Reports that are sent regularly. */
  readonly subscriptions: Subscriptions
  /** Questions to users. */
  readonly surveys: Surveys
  /** The user whose key it is. */
  readonly users: Users
  /** The data warehouse. */
  readonly warehouse: {
    /** Views. Unstable. */
    readonly savedQueries: WarehouseSavedQueries
    /** Tables. Unstable. */
    readonly tables: WarehouseTables
  }
}

/** The resources of a client. */
export function createResources(api: Requester): Resources {
  return {
    actions: createActions(api),
    alerts: createAlerts(api),
    annotations: createAnnotations(api),
    apiKeys: createApiKeys(api),
    batchExports: createBatchExports(api),
    cohorts: createCohorts(api),
    comments: createComments(api),
    dashboards: createDashboards(api),
    dashboardTemplates: createDashboardTemplates(api),
    earlyAccessFeatures: createEarlyAccessFeatures(api),
    endpoints: { ...createEndpoints(api), ...manageEndpoints(api) },
    errorTracking: {
      assignmentRules: createErrorTrackingAssignmentRules(api),
      fingerprints: createErrorTrackingFingerprints(api),
      groupingRules: createErrorTrackingGroupingRules(api),
      issues: createErrorTrackingIssues(api),
      suppressionRules: createErrorTrackingSuppressionRules(api),
      symbolLinks: createErrorTrackingSymbolLinks(api),
    },
    eventDefinitions: createEventDefinitions(api),
    events: { ...createEvents(api), ...manageEvents(api) },
    experiments: createExperiments(api),
    featureFlags: createFeatureFlags(api),
    groups: createGroups(api),
    hogFunctions: createHogFunctions(api),
    insights: createInsights(api),
    insightVariables: createInsightVariables(api),
    integrations: createIntegrations(api),
    invites: createInvites(api),
    members: createMembers(api),
    notebooks: createNotebooks(api),
    organizations: createOrganizations(api),
    persons: createPersons(api),
    projects: createProjects(api),
    propertyDefinitions: createPropertyDefinitions(api),
    query: createQueries(api),
    roles: createRoles(api),
    sessionRecordings: createSessionRecordings(api),
    subscriptions: createSubscriptions(api),
    surveys: createSurveys(api),
    users: createUsers(api),
    warehouse: {
      savedQueries: createWarehouseSavedQueries(api),
      tables: createWarehouseTables(api),
    },
  }
}
