import type { Actions } from './actions.ts'
import type { Alerts } from './alerts.ts'
import type { Annotations } from './annotations.ts'
import type { ApiKeys } from './api-keys.ts'
import type { BatchExports } from './batch-exports.ts'
import type { Cohorts } from './cohorts/cohorts.ts'
import type { Comments } from './comments.ts'
import type { DashboardTemplates } from './dashboard-templates.ts'
import type { Dashboards } from './dashboards/dashboards.ts'
import type { EarlyAccessFeatures } from './early-access-features.ts'
import type { ErrorTrackingAssignmentRules } from './error-tracking/assignment-rules.ts'
import type { ErrorTrackingFingerprints } from './error-tracking/fingerprints.ts'
import type { ErrorTrackingGroupingRules } from './error-tracking/grouping-rules.ts'
import type { ErrorTrackingIssues } from './error-tracking/issues.ts'
import type { ErrorTrackingSuppressionRules } from './error-tracking/suppression-rules.ts'
import type { ErrorTrackingSymbolLinks } from './error-tracking/symbol-links.ts'
import type { EventDefinitions } from './event-definitions.ts'
import type { Experiments } from './experiments/experiments.ts'
import type { FeatureFlags } from './feature-flags/feature-flags.ts'
import type { Groups } from './groups.ts'
import type { HogFunctions } from './hog-functions.ts'
import type { InsightVariables } from './insight-variables.ts'
import type { Insights } from './insights/insights.ts'
import type { Integrations } from './integrations.ts'
import type { Invites } from './invites.ts'
import type { Members } from './members.ts'
import type { Notebooks } from './notebooks.ts'
import type { Organizations } from './organizations.ts'
import type { Persons } from './persons/persons.ts'
import type { Projects } from './projects.ts'
import type { PropertyDefinitions } from './property-definitions.ts'
import type { Queries } from './query/query.ts'
import type { Roles } from './roles.ts'
import type { SessionRecordings } from './session-recordings.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { Surveys } from './surveys.ts'
import type { Users } from './users.ts'
import type { WarehouseSavedQueries } from './warehouse/saved-queries.ts'
import type { WarehouseTables } from './warehouse/tables.ts'

/** The resources of PostHog's API, each loaded with the first call of it. */
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
  /** What the project says of its events. */
  readonly eventDefinitions: EventDefinitions
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
