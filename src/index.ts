/**
 * The client: `createClient`, HogQL, errors, and the types of all that it takes and gives.
 *
 * @module typehog
 */

export type { ApiClient } from './client/api-client.ts'
export { type CreateClient, createClient, type TypehogClient } from './client/create-client.ts'
export type { Explain, Explanation } from './client/explain.ts'
export type { Action, Actions } from './resources/actions.ts'
export type { Alert, Alerts } from './resources/alerts.ts'
export type { Annotation, Annotations, Deploy } from './resources/annotations.ts'
export type { ApiKeys, PersonalApiKey, ProjectSecretApiKey } from './resources/api-keys.ts'
export type {
  BatchExport,
  BatchExportBackfill,
  BatchExportRun,
  BatchExports,
} from './resources/batch-exports.ts'
export type {
  ActCall,
  ActWithCall,
  AskCall,
  ListCall,
  ListOfCall,
  ReadCall,
  ReadOfCall,
  SendCall,
} from './resources/calls.ts'
export type { AddedPersons, Cohort, Cohorts, StaticCohort } from './resources/cohorts/cohorts.ts'
export type { PersonKeys, ResolvedPersons } from './resources/cohorts/resolve-persons.ts'
export type { Comment, Comments } from './resources/comments.ts'
export type { DashboardTemplate, DashboardTemplates } from './resources/dashboard-templates.ts'
export type { Dashboard, Dashboards, TileMove } from './resources/dashboards/dashboards.ts'
export type { DashboardPiece } from './resources/dashboards/stream-tiles.ts'
export type { DeleteManyOptions, DeletionReport } from './resources/delete-many.ts'
export type { EarlyAccessFeature, EarlyAccessFeatures } from './resources/early-access-features.ts'
export type { EndpointIncomplete } from './resources/endpoints/completeness.ts'
export type { OnVersionDrift } from './resources/endpoints/drift.ts'
export type { Endpoint, EndpointColumn, EndpointColumnType } from './resources/endpoints/endpoint.ts'
export type { AtVersion, EndpointObject, ListEndpoints } from './resources/endpoints/endpoint-object.ts'
export type { Endpoints } from './resources/endpoints/endpoints.ts'
export type {
  LifecycleRow,
  PathsRow,
  RetentionRow,
  StickinessRow,
  TrendsRow,
} from './resources/endpoints/insight-rows.ts'
export type { EndpointLogFilters, ManageEndpoints } from './resources/endpoints/manage-endpoints.ts'
export type { EndpointCache, EndpointDebug, EndpointResult } from './resources/endpoints/result.ts'
export type { EndpointRefresh, RunArguments, RunOptions } from './resources/endpoints/run-options.ts'
export type {
  EndpointMaterializationStatus,
  WaitForTable,
} from './resources/endpoints/wait-until-materialized.ts'
export type {
  ErrorTrackingAssignmentRule,
  ErrorTrackingAssignmentRules,
} from './resources/error-tracking/assignment-rules.ts'
export type {
  ErrorTrackingFingerprint,
  ErrorTrackingFingerprints,
} from './resources/error-tracking/fingerprints.ts'
export type {
  ErrorTrackingGroupingRule,
  ErrorTrackingGroupingRules,
} from './resources/error-tracking/grouping-rules.ts'
export type { ErrorTrackingIssue, ErrorTrackingIssues } from './resources/error-tracking/issues.ts'
export type {
  ErrorTrackingSuppressionRule,
  ErrorTrackingSuppressionRules,
} from './resources/error-tracking/suppression-rules.ts'
export type { ErrorTrackingSymbolLinks } from './resources/error-tracking/symbol-links.ts'
export type { EventDefinition, EventDefinitions } from './resources/event-definitions.ts'
export type { Captured, CaptureOptions } from './resources/events/capture.ts'
export type { CapturedEvent, EventToCapture } from './resources/events/captured-event.ts'
export type { EventColumn, EventFields, EventRow, PropertyCell } from './resources/events/event-row.ts'
export type { EventStreamOptions } from './resources/events/event-stream-options.ts'
export type { Events } from './resources/events/events.ts'
export type { ManageEvents } from './resources/events/manage-events.ts'
export type { ExperimentResult } from './resources/experiments/experiment-results.ts'
export type { Experiment, Experiments } from './resources/experiments/experiments.ts'
export type { FlagComparison } from './resources/feature-flags/compare-flags.ts'
export type { CopiedFlag, FlagCopy } from './resources/feature-flags/copy-flag.ts'
export type { EditedFlag, EditOptions, FlagDraft } from './resources/feature-flags/edit-flag.ts'
export type { EnsuredFlag, FlagDefinition } from './resources/feature-flags/ensure-flag.ts'
export type {
  EvaluateOptions,
  FlagEvaluationFor,
  FlagEvaluations,
  FlagValue,
} from './resources/feature-flags/evaluate-flags.ts'
export type { FeatureFlags } from './resources/feature-flags/feature-flags.ts'
export type { FeatureFlag, FeatureFlagChanges } from './resources/feature-flags/flag.ts'
export type { Rollout, RolloutOptions } from './resources/feature-flags/set-rollout.ts'
export type { Group, GroupKey, Groups } from './resources/groups.ts'
export type { HogFunction, HogFunctions } from './resources/hog-functions.ts'
export type { InsightVariable, InsightVariables } from './resources/insight-variables.ts'
export type { InsightRefresh, InsightResult } from './resources/insights/insight-result.ts'
export type { Insight, Insights } from './resources/insights/insights.ts'
export type { Integration, Integrations } from './resources/integrations.ts'
export type { Invite, Invites } from './resources/invites.ts'
export type { ListItem, ListRoute } from './resources/list-route.ts'
export type { Member, Members } from './resources/members.ts'
export type { Notebook, Notebooks } from './resources/notebooks.ts'
export type { Organization, Organizations } from './resources/organizations.ts'
export type { HasActivity } from './resources/parts/activity.ts'
export type { HasSharing, Sharing } from './resources/parts/sharing.ts'
export type { HasTags } from './resources/parts/tags.ts'
export type { Erasure, ErasureReceipt } from './resources/persons/erase.ts'
export type { Person, Persons } from './resources/persons/persons.ts'
export type { Project, Projects } from './resources/projects.ts'
export type { PropertyDefinition, PropertyDefinitions } from './resources/property-definitions.ts'
export type { QueryIncomplete } from './resources/query/completeness.ts'
export type { ExportJob } from './resources/query/export/export-job.ts'
export type {
  ExportFormat,
  ExportOptions,
  ExportProgress,
  ExportResult,
} from './resources/query/export/export-options.ts'
export type { Queries, QueryAnswer, QueryKind, QueryOf, RowOf, RunHogQL } from './resources/query/query.ts'
export type { QueryCall } from './resources/query/query-call.ts'
export type {
  CacheOptions,
  HogQLOptions,
  QueryOptions,
  QueryProgress,
  QueryRefresh,
} from './resources/query/query-options.ts'
export type { QueryCache, QueryResult } from './resources/query/query-result.ts'
export type {
  CellOf,
  ColumnShape,
  ColumnTypeName,
  RowOfColumns,
} from './resources/query/shape/row-of-columns.ts'
export type { RowStream } from './resources/query/stream/row-stream.ts'
export type { StreamOptions, StreamPage } from './resources/query/stream/stream-options.ts'
export type { StreamWindow } from './resources/query/stream/window.ts'
export type {
  CallOptions,
  ListArguments,
  ListOptions,
  RequestArguments,
  RequestInput,
  RequestOutput,
  Route,
  WithSchema,
} from './resources/requester.ts'
export type { Resources } from './resources/resources.ts'
export type { Role, RoleMembership, Roles } from './resources/roles.ts'
export type { AnswerOf, BodyOf, FiltersOf, IdOf } from './resources/routes.ts'
export type { SessionRecording, SessionRecordings } from './resources/session-recordings.ts'
export type { Subscription, SubscriptionDelivery, Subscriptions } from './resources/subscriptions.ts'
export type { Survey, Surveys } from './resources/surveys.ts'
export type { User, Users } from './resources/users.ts'
export type {
  Collection,
  Creates,
  Deletes,
  Gets,
  HardDeletes,
  Lists,
  SoftDeletes,
  Updates,
} from './resources/verbs.ts'
export type { WarehouseSavedQueries, WarehouseSavedQuery } from './resources/warehouse/saved-queries.ts'
export type { WarehouseTable, WarehouseTables } from './resources/warehouse/tables.ts'
export type { Whoami, WhoamiProject } from './resources/whoami.ts'
export type { KeySource } from './runtime/auth/credential.ts'
export { type OAuthOptions, type OAuthPlatform, type OAuthTokens, oauth } from './runtime/auth/oauth.ts'
export type { TokenProvider } from './runtime/auth/token-cache.ts'
export type { Cache } from './runtime/cache/cache.ts'
export type { HeadersInput } from './runtime/config/headers.ts'
export type { ClientOptions, RetryOptions } from './runtime/config/options.ts'
export type { Config } from './runtime/config/resolve.ts'
export {
  APIError,
  AuthenticationError,
  BadRequestError,
  type BodyFormat,
  ConflictError,
  MissingVariablesError,
  NotFoundError,
  PermissionError,
  QueryError,
  QueryTimeoutError,
  QuotaExceededError,
  RateLimitError,
  ServerError,
  WrongRegionError,
} from './runtime/errors/api-errors.ts'
export {
  AttemptTimeoutError,
  ConnectionError,
  IdleTimeoutError,
  TimeoutError,
  type TimeoutPhase,
  TotalTimeoutError,
} from './runtime/errors/call-errors.ts'
export {
  ConfigurationError,
  type ErrorKind,
  isPostHogError,
  PostHogError,
} from './runtime/errors/posthog-error.ts'
export {
  DecodeError,
  MaterializationError,
  ResponseTooLargeError,
  ResponseValidationError,
  TruncatedResultError,
  UnsentEventsError,
  type ValidationIssue,
  VersionDriftError,
} from './runtime/errors/result-errors.ts'
export { type HogQL, type HogQLParameter, type HogQLTag, hogql, isHogQL } from './runtime/hogql/hogql.ts'
export type { BoundValue, HogQLValue } from './runtime/hogql/value.ts'
export type { LimitState } from './runtime/limits/bucket.ts'
export type { LimitOptions, Priority, Rate, ThrottleClass } from './runtime/limits/rates.ts'
export type { Claim, GateClaim, Grant, LimitStore, Usage, WindowClaim } from './runtime/limits/store.ts'
export type { RateLimitEvent, RequestEvent, ResponseEvent, RetryEvent } from './runtime/observe/hooks.ts'
export type { LogFields, Logger, LogLevel } from './runtime/observe/logger.ts'
export type { Span, SpanAttributes, Tracer } from './runtime/observe/tracing.ts'
export type { List, Page, ToArrayOptions } from './runtime/paging/list.ts'
export type { CellOptions } from './runtime/rows/decode-cell.ts'
export type { Incomplete, IncompleteReason } from './runtime/rows/incomplete.ts'
export type { APIPromise, WithResponse } from './runtime/transport/api-promise.ts'
export type { AttemptRecord, Call, CallContext } from './runtime/transport/call.ts'
export type { Middleware, Next } from './runtime/transport/middleware.ts'
export type { SchemaIssue, SchemaResult, StandardSchema, ValidateMode } from './runtime/transport/validate.ts'
