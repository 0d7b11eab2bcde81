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
import { createDashboardTemplates, type DashboardTemplates } from './dashboards/dashboard-templates.ts'
import { createDashboards, type Dashboards } from './dashboards/dashboards.ts'
import {
  type BatchExports,
  createBatchExports,
  createIntegrations,
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
  createErrorTrackingFingerprints,
  createErrorTrackingIssues,
  createErrorTrackingSymbolLinks,
  type ErrorTrackingFingerprints,
  type ErrorTrackingIssues,
  type ErrorTrackingSymbolLinks,
} from './error-tracking/issues.ts'
import {
  createErrorTrackingAssignmentRules,
  createErrorTrackingBypassRules,
  createErrorTrackingGroupingRules,
  createErrorTrackingSeverityRules,
  createErrorTrackingSuppressionRules,
  type ErrorTrackingAssignmentRules,
  type ErrorTrackingBypassRules,
  type ErrorTrackingGroupingRules,
  type ErrorTrackingSeverityRules,
  type ErrorTrackingSuppressionRules,
} from './error-tracking/rules.ts'
import { createEvents, type Events, type ManageEvents, manageEvents } from './events/events.ts'
import { createExperiments, type Experiments } from './experiments/experiments.ts'
import { createExternalDataSources, type ExternalDataSources } from './external-data-sources.ts'
import {
  createEarlyAccessFeatures,
  createFeatureFlags,
  type EarlyAccessFeatures,
  type FeatureFlags,
} from './feature-flags/feature-flags.ts'
import { createFileDownloads, type FileDownloads } from './file-downloads.ts'
import { createGroups, type Groups } from './groups.ts'
import { createHogFunctions, type HogFunctions } from './hog-functions.ts'
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
import type { ProjectRegistry } from './project-names.ts'
import { createQueries, type Queries } from './query/query.ts'
import type { Requester } from './requester.ts'
import { createScheduledChanges, type ScheduledChanges } from './scheduled-changes.ts'
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
export interface Resources<Project = ProjectRegistry> {
  /** Actions: events grouped under one name. */
  readonly actions: Actions
  /** Alerts on insights. */
  readonly alerts: Alerts
  /** Annotations on charts. */
  readonly annotations: Annotations
  /** Metadata of API keys. */
  readonly apiKeys: ApiKeys
  /** Batch exports: scheduled exports of data to a destination. */
  readonly batchExports: BatchExports
  /** Cohorts: dynamic (by filters) or static (by list). */
  readonly cohorts: Cohorts
  /** Comments on insights, dashboards, recordings and more. */
  readonly comments: Comments
  /** Dashboards. */
  readonly dashboards: Dashboards
  /** Dashboard templates. */
  readonly dashboardTemplates: DashboardTemplates
  /** Early access features: features that users can opt into. */
  readonly earlyAccessFeatures: EarlyAccessFeatures
  /** Error tracking. */
  readonly errorTracking: {
    /** Rules that assign new issues to a user or a role. */
    readonly assignmentRules: ErrorTrackingAssignmentRules
    /** Rules that exempt exceptions from the rate limits of error tracking. */
    readonly bypassRules: ErrorTrackingBypassRules
    /** Fingerprints that identify exceptions of the same issue. */
    readonly fingerprints: ErrorTrackingFingerprints
    /** Rules that group exceptions into one issue. */
    readonly groupingRules: ErrorTrackingGroupingRules
    /** Issues: groups of similar exceptions. */
    readonly issues: ErrorTrackingIssues
    /** Rules that set the severity of new issues. */
    readonly severityRules: ErrorTrackingSeverityRules
    /** Rules that suppress exceptions. */
    readonly suppressionRules: ErrorTrackingSuppressionRules
    /** Links from a stack frame to its source line. */
    readonly symbolLinks: ErrorTrackingSymbolLinks
  }
  /** Endpoints: saved, versioned queries that run by name. */
  readonly endpoints: Endpoints & ManageEndpoints
  /** Event definitions. */
  readonly eventDefinitions: EventDefinitions
  /** Events. */
  readonly events: Events<Project> & ManageEvents<Project>
  /** Experiments. */
  readonly experiments: Experiments
  /** Feature flags. */
  readonly featureFlags: FeatureFlags<Project>
  /** File downloads: batch exports that run once. */
  readonly fileDownloads: FileDownloads
  /** Groups, such as companies. */
  readonly groups: Groups<Project>
  /** Hog functions: destinations, transformations and more. They replaced plugins. */
  readonly hogFunctions: HogFunctions
  /** Insights: saved queries and their results. */
  readonly insights: Insights
  /** SQL variables of insights and endpoints. */
  readonly insightVariables: InsightVariables
  /** Integrations with other services. */
  readonly integrations: Integrations
  /** Invites to an organization. */
  readonly invites: Invites
  /** Members of an organization. */
  readonly members: Members
  /** Notebooks. Unstable. */
  readonly notebooks: Notebooks
  /** Organizations that the key's owner belongs to. */
  readonly organizations: Organizations
  /** Persons. */
  readonly persons: Persons
  /** Projects of an organization. */
  readonly projects: Projects
  /** Property definitions. */
  readonly propertyDefinitions: PropertyDefinitions
  /** Queries of any kind, such as trends and funnels. */
  readonly query: Queries
  /** Roles of an organization. */
  readonly roles: Roles
  /** Scheduled changes of feature flags. */
  readonly scheduledChanges: ScheduledChanges
  /** Session recordings. */
  readonly sessionRecordings: SessionRecordings
  /** Subscriptions: reports sent on a schedule. */
  readonly subscriptions: Subscriptions
  /** Surveys. */
  readonly surveys: Surveys
  /** The user who owns the key. */
  readonly users: Users
  /** The data warehouse. */
  readonly warehouse: {
    /** Sources that PostHog imports. Unstable. */
    readonly externalDataSources: ExternalDataSources
    /** Views. Unstable. */
    readonly savedQueries: WarehouseSavedQueries
    /** Tables. Unstable. */
    readonly tables: WarehouseTables
  }
}

/** Creates all resources for a client. */
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
      bypassRules: createErrorTrackingBypassRules(api),
      fingerprints: createErrorTrackingFingerprints(api),
      groupingRules: createErrorTrackingGroupingRules(api),
      issues: createErrorTrackingIssues(api),
      severityRules: createErrorTrackingSeverityRules(api),
      suppressionRules: createErrorTrackingSuppressionRules(api),
      symbolLinks: createErrorTrackingSymbolLinks(api),
    },
    eventDefinitions: createEventDefinitions(api),
    events: { ...createEvents(api), ...manageEvents(api) },
    experiments: createExperiments(api),
    featureFlags: createFeatureFlags(api),
    fileDownloads: createFileDownloads(api),
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
    scheduledChanges: createScheduledChanges(api),
    sessionRecordings: createSessionRecordings(api),
    subscriptions: createSubscriptions(api),
    surveys: createSurveys(api),
    users: createUsers(api),
    warehouse: {
      externalDataSources: createExternalDataSources(api),
      savedQueries: createWarehouseSavedQueries(api),
      tables: createWarehouseTables(api),
    },
  }
}
