/**
 * The client: `createClient`, `hogql`, errors, and their types.
 *
 * @module typehog
 */

export type { AcrossOptions, ProjectIdentity, ProjectOptions, ProjectResult } from './client/across.ts'
export type { ApiClient } from './client/api-client.ts'
export {
  type CreateClient,
  createClient,
  type ProjectClient,
  type TypehogClient,
} from './client/create-client.ts'
export type { DidYouMean, RouteHint } from './client/did-you-mean.ts'
export { type APIErrorOf, type ErrorBodyOf, type ErrorOf, isErrorOf } from './client/error-of.ts'
export type { Explain, Explanation } from './client/explain.ts'
export type { PathBodyInput, PathInput, PathMethod, PathMethods } from './client/path-methods.ts'
export type {
  ListArguments,
  ListFunction,
  ListItem,
  ListRoute,
  RequestArguments,
  RequestFunction,
  RequestInput,
  RequestOutput,
  Route,
  ServerLists,
  ServerOperations,
} from './client/request-function.ts'
export type { Action, Actions } from './resources/actions.ts'
export type {
  Annotation,
  Annotations,
  Comment,
  Comments,
  Deploy,
  Notebook,
  Notebooks,
} from './resources/annotations.ts'
export type { HasActivity, HasSharing, HasTags, Sharing } from './resources/capabilities.ts'
export type { AddedPersons, Cohort, Cohorts, StaticCohort } from './resources/cohorts/cohorts.ts'
export type { PersonKeys, ResolvedPersons } from './resources/cohorts/resolve-persons.ts'
export type { Dashboard } from './resources/dashboards/dashboard.ts'
export type { DashboardTemplate, DashboardTemplates } from './resources/dashboards/dashboard-templates.ts'
export type { Dashboards, TileMove } from './resources/dashboards/dashboards.ts'
export type { DashboardDefinition, EnsuredDashboard } from './resources/dashboards/ensure-dashboard.ts'
export type { DashboardStreamEvent } from './resources/dashboards/stream-tiles.ts'
export type {
  BatchExport,
  BatchExportBackfill,
  BatchExportRun,
  BatchExports,
  Integration,
  Integrations,
} from './resources/data-pipelines.ts'
export type {
  EventDefinition,
  EventDefinitionCode,
  EventDefinitions,
  PropertyDefinition,
  PropertyDefinitions,
} from './resources/definitions.ts'
export type { DeleteManyOptions, DeletionReport } from './resources/delete-many.ts'
export {
  type DefinedEndpoint,
  defineEndpoint,
  type HogQLEndpointInput,
  type InsightEndpointInput,
  type InsightEndpointKind,
  type InsightEndpointRow,
  type InsightEndpointVariables,
  type Materialize,
} from './resources/endpoints/define-endpoint.ts'
export type {
  EndpointBucket,
  EndpointChanges,
  EndpointFreshness,
  EndpointQueryBody,
  NewEndpoint,
} from './resources/endpoints/endpoint-body.ts'
export type {
  EndpointCache,
  EndpointDebug,
  EndpointIncomplete,
  EndpointResult,
  OnVersionDrift,
} from './resources/endpoints/endpoint-result.ts'
export type {
  EndpointListFilters,
  EndpointLogFilters,
  EndpointObject,
  EndpointVersionSelector,
  ManageEndpoints,
} from './resources/endpoints/manage-endpoints.ts'
export type {
  EndpointName,
  EndpointRegistry,
  NamedRow,
  NamedVariables,
} from './resources/endpoints/registry.ts'
export type { Endpoints } from './resources/endpoints/run-endpoint.ts'
export type {
  EndpointRefresh,
  RunArguments,
  RunOptions,
} from './resources/endpoints/run-options.ts'
export type { UpdateEndpoint } from './resources/endpoints/update-endpoint.ts'
export type {
  DeclaredVariables,
  EndpointVariableDeclaration,
  EndpointVariableDeclarations,
  EndpointVariableValues,
} from './resources/endpoints/variable-declarations.ts'
export type {
  EndpointMaterializationStatus,
  WaitUntilMaterializedOptions,
} from './resources/endpoints/wait-until-materialized.ts'
export type {
  ErrorTrackingFingerprint,
  ErrorTrackingFingerprints,
  ErrorTrackingIssue,
  ErrorTrackingIssues,
  ErrorTrackingSymbolLinks,
} from './resources/error-tracking/issues.ts'
export type {
  ErrorTrackingEvent,
  ErrorTrackingIssueDetail,
  IssueDetailOptions,
  IssueEventFilters,
  IssueFilters,
  QueriedIssue,
} from './resources/error-tracking/query-issues.ts'
export type {
  ErrorTrackingAssignmentRule,
  ErrorTrackingAssignmentRules,
  ErrorTrackingBypassRule,
  ErrorTrackingBypassRules,
  ErrorTrackingGroupingRule,
  ErrorTrackingGroupingRules,
  ErrorTrackingSeverityRule,
  ErrorTrackingSeverityRules,
  ErrorTrackingSuppressionRule,
  ErrorTrackingSuppressionRules,
} from './resources/error-tracking/rules.ts'
export type { CaptureOptions, CaptureResult } from './resources/events/capture.ts'
export type {
  BatchEvent,
  CapturedEvent,
  EventToCapture,
  ProjectEvent,
} from './resources/events/captured-event.ts'
export type { Events, ManageEvents } from './resources/events/events.ts'
export type {
  EventColumn,
  EventFields,
  EventRow,
  EventStreamOptions,
  PropertyCell,
} from './resources/events/stream-events.ts'
export type { EnsuredExperiment, ExperimentDefinition } from './resources/experiments/ensure-experiment.ts'
export type { Experiment, ExperimentMetric } from './resources/experiments/experiment.ts'
export type { ExperimentResult } from './resources/experiments/experiment-results.ts'
export type { ExperimentRecalculation, Experiments } from './resources/experiments/experiments.ts'
export type { ExternalDataSource, ExternalDataSources } from './resources/external-data-sources.ts'
export type {
  CopiedFlag,
  CopyRequirements,
  FlagComparison,
  FlagCopy,
} from './resources/feature-flags/copy-flags.ts'
export type {
  DeleteMatchingOptions,
  FlagFilters,
  MatchingDeletion,
} from './resources/feature-flags/delete-matching.ts'
export type { EditedFlag, EditOptions, FlagDraft } from './resources/feature-flags/edit-flag.ts'
export type {
  EvaluateOptions,
  FlagEvaluationRequest,
  FlagEvaluations,
  FlagEvaluationsOf,
  FlagOff,
  FlagOn,
  FlagValue,
  KnownFlagValue,
  ProjectFlagEvaluations,
} from './resources/feature-flags/evaluate-flags.ts'
export type {
  EarlyAccessFeature,
  EarlyAccessFeatures,
  FeatureFlags,
} from './resources/feature-flags/feature-flags.ts'
export type { FeatureFlag, FeatureFlagChanges } from './resources/feature-flags/flag.ts'
export type {
  EnsuredFlag,
  FlagDefinition,
  Rollout,
  RolloutOptions,
} from './resources/feature-flags/set-flag.ts'
export type { FileDownload, FileDownloads } from './resources/file-downloads.ts'
export type { Group, GroupKey, Groups } from './resources/groups.ts'
export type { HogFunction, HogFunctionRevision, HogFunctions } from './resources/hog-functions.ts'
export type {
  Insight,
  InsightOptions,
  InsightRefresh,
  InsightResult,
  Insights,
  InsightVariable,
  InsightVariables,
} from './resources/insights.ts'
export type {
  BodyMethod,
  IdBodyMethod,
  IdMethod,
  IdQueryMethod,
  ListMethod,
  ListShapes,
  MethodShapes,
  NestedListMethod,
  OptionalQueryMethod,
  QueryMethod,
} from './resources/methods.ts'
export type {
  Invite,
  Invites,
  Member,
  Members,
  Organization,
  Organizations,
  Project,
  Projects,
  Role,
  RoleMembership,
  Roles,
} from './resources/organizations.ts'
export type { Erasure, ErasureReceipt } from './resources/persons/erase.ts'
export type { Identification } from './resources/persons/identify.ts'
export type { Person, Persons } from './resources/persons/persons.ts'
export type {
  EventName,
  FlagKey,
  GroupIndex,
  GroupKeys,
  GroupPropertiesByType,
  ProjectNames,
  ProjectRegistry,
  PropertiesOf,
} from './resources/project-names.ts'
export type { ColumnarFormat, RowConverter } from './resources/query/export/columnar-format.ts'
export type {
  ExportFormat,
  ExportJob,
  ExportOptions,
  ExportProgress,
  ExportResult,
} from './resources/query/export/export-options.ts'
export type {
  FunnelsRow,
  FunnelTimeToConvert,
  FunnelTrendsRow,
  InsightKind,
  LifecycleRow,
  PathsRow,
  ResultOfKind,
  RetentionRow,
  StickinessRow,
  TrendsRow,
} from './resources/query/insight-rows.ts'
export type {
  Queries,
  QueryByKind,
  QueryKind,
  ResponseByKind,
  RowOf,
  RunHogQL,
} from './resources/query/query.ts'
export type { QueryCall } from './resources/query/query-call.ts'
export type {
  CacheOptions,
  HogQLFilters,
  HogQLModifiers,
  HogQLOptions,
  QueryOptions,
  QueryProgress,
  QueryRefresh,
} from './resources/query/query-options.ts'
export type { QueryCache, QueryIncomplete, QueryResult } from './resources/query/query-result.ts'
export type {
  CellOf,
  ColumnShape,
  ColumnTypeName,
  RowOfColumns,
} from './resources/query/row-schema.ts'
export type { RowStream } from './resources/query/stream/row-stream.ts'
export type { StreamOptions, StreamPage, StreamWindow } from './resources/query/stream/stream-options.ts'
export type { RowResponseOptions } from './resources/query/stream/to-response.ts'
export type {
  BodyOf,
  CallOptions,
  IdOf,
  ListOptions,
  QueryOf,
  ResponseOf,
  WithSchema,
} from './resources/requester.ts'
export type { Resources } from './resources/resources.ts'
export type { Reverted, Revertible } from './resources/revert.ts'
export type {
  ScheduledChange,
  ScheduledChangePayload,
  ScheduledChanges,
} from './resources/scheduled-changes.ts'
export type { SessionRecording, SessionRecordings } from './resources/session-recordings.ts'
export type {
  Alert,
  Alerts,
  Subscription,
  SubscriptionDelivery,
  Subscriptions,
} from './resources/subscriptions.ts'
export type { Survey, SurveyResponse, Surveys } from './resources/surveys.ts'
export type { ApiKeys, PersonalApiKey, ProjectSecretApiKey, User, Users } from './resources/users.ts'
export type {
  Collection,
  Creatable,
  Deletable,
  HardDeletable,
  Listable,
  Readable,
  SoftDeletable,
  Updatable,
} from './resources/verbs.ts'
export type {
  WarehouseSavedQueries,
  WarehouseSavedQuery,
  WarehouseTable,
  WarehouseTables,
} from './resources/warehouse.ts'
export type { Whoami, WhoamiProject } from './resources/whoami.ts'
export type { KeySource } from './runtime/auth/credential.ts'
export { type OAuthOptions, type OAuthPlatform, type OAuthTokens, oauth } from './runtime/auth/oauth.ts'
export type { TokenProvider } from './runtime/auth/token-cache.ts'
export type { Cache } from './runtime/cache/cache.ts'
export type { CallHeaders, HeadersInput } from './runtime/config/headers.ts'
export type { ClientOptions, RetryFailure, RetryOptions } from './runtime/config/options.ts'
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
  type AttemptRecord,
  AttemptTimeoutError,
  ConnectionError,
  DeprecationError,
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
  RowCountError,
  TruncatedResultError,
  UnsentEventsError,
  type ValidationIssue,
  VersionDriftError,
} from './runtime/errors/result-errors.ts'
export { type HogQL, type HogQLParameter, type HogQLTag, hogql, isHogQL } from './runtime/hogql/hogql.ts'
export type { BoundValue, HogQLValue } from './runtime/hogql/value.ts'
export type { LimitState } from './runtime/limits/bucket.ts'
export type { LimitOptions, Priority, Rate, ThrottleClass } from './runtime/limits/rates.ts'
export type {
  GateRequest,
  LimitDecision,
  LimitRequest,
  LimitStore,
  LimitUsage,
  WindowRequest,
} from './runtime/limits/store.ts'
export type {
  Hooks,
  Notice,
  RateLimitEvent,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
} from './runtime/observe/hooks.ts'
export type { LogFields, Logger, LogLevel } from './runtime/observe/logger.ts'
export type { DeprecationMode } from './runtime/observe/notices.ts'
export type { Span, SpanAttributes, Tracer } from './runtime/observe/tracing.ts'
export type { List, ToArrayOptions } from './runtime/paging/list.ts'
export type { Page } from './runtime/paging/pages.ts'
export type { CellOptions } from './runtime/rows/decode-cell.ts'
export type { Incomplete, IncompleteReason } from './runtime/rows/incomplete.ts'
export type { APIPromise, WithResponse } from './runtime/transport/api-promise.ts'
export type { Call, CallContext } from './runtime/transport/call.ts'
export type { Middleware, Next } from './runtime/transport/middleware.ts'
export type { SchemaIssue, SchemaResult, StandardSchema, ValidateMode } from './runtime/transport/validate.ts'
export type { Endpoint, EndpointColumn, EndpointColumnType } from './shared/endpoint.ts'
export type {
  EndpointDefinition,
  EndpointSchedule,
  EndpointVariableType,
} from './shared/endpoint-definition.ts'
export type {
  EndpointsConfig,
  ProjectConfig,
  ProjectNameKind,
  QueriesConfig,
  SchemaConfig,
  TypehogConfig,
} from './shared/typehog-config.ts'
