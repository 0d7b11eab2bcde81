import { type Actions, createActions } from './actions.ts'
import {
  type Annotations,
  type Comments,
  createAnnotations,
  createComments,
  createNotebooks,
  type Notebooks,
} from './annotations.ts'
import { type Cohorts, createCohorts } from './cohorts/cohorts.ts'
import {
  createDashboards,
  createDashboardTemplates,
  type Dashboards,
  type DashboardTemplates,
} from './dashboards.ts'
import {
  type BatchExports,
  createBatchExports,
  createHogFunctions,
  createIntegrations,
  type HogFunctions,
  type Integrations,
} from './data-pipelines.ts'
import {
  createEventDefinitions,
  createPropertyDefinitions,
  type EventDefinitions,
  type PropertyDefinitions,
} from './definitions.ts'
import { type ManageEndpoints, manageEndpoints } from './endpoints/manage-endpoints.ts'
import { createEndpoints, type Endpoints } from './endpoints/run-endpoint.ts'
import {
  createErrorTrackingAssignmentRules,
  createErrorTrackingFingerprints,
  createErrorTrackingGroupingRules,
  createErrorTrackingIssues,
  createErrorTrackingSuppressionRules,
  createErrorTrackingSymbolLinks,
  type ErrorTrackingAssignmentRules,
  type ErrorTrackingFingerprints,
  type ErrorTrackingGroupingRules,
  type ErrorTrackingIssues,
  type ErrorTrackingSuppressionRules,
  type ErrorTrackingSymbolLinks,
} from './error-tracking.ts'
import { createEvents, type Events, type ManageEvents, manageEvents } from './events/events.ts'
import { createExperiments, type Experiments } from './experiments.ts'
import {
  createEarlyAccessFeatures,
  createFeatureFlags,
  type EarlyAccessFeatures,
  type FeatureFlags,
} from './feature-flags/feature-flags.ts'
import { createGroups, type Groups } from './groups.ts'
import { createInsights, createInsightVariables, type Insights, type InsightVariables } from './insights.ts'
import {
  createInvites,
  createMembers,
  createOrganizations,
  createProjects,
  createRoles,
  type Invites,
  type Members,
  type Organizations,
  type Projects,
  type Roles,
} from './organizations.ts'
import { createPersons, type Persons } from './persons/persons.ts'
import { createQueries, type Queries } from './query/query.ts'
import type { Requester } from './requester.ts'
import { createSessionRecordings, type SessionRecordings } from './session-recordings.ts'
import { type Alerts, createAlerts, createSubscriptions, type Subscriptions } from './subscriptions.ts'
import { createSurveys, type Surveys } from './surveys.ts'
import { type ApiKeys, createApiKeys, createUsers, type Users } from './users.ts'
import {
  createWarehouseSavedQueries,
  createWarehouseTables,
  type WarehouseSavedQueries,
  type WarehouseTables,
} from './warehouse.ts'

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
