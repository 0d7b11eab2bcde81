export type { ApiClient } from './client/api-client.ts'
export { type CreateClient, createClient, type TypehogClient } from './client/create-client.ts'
export type { Incomplete } from './resources/endpoints/completeness.ts'
export type { OnVersionDrift } from './resources/endpoints/drift.ts'
export type { Endpoint, EndpointColumn, EndpointColumnType } from './resources/endpoints/endpoint.ts'
export type { AtVersion, EndpointObject, Endpoints, ListEndpoints } from './resources/endpoints/endpoints.ts'
export type {
  LifecycleRow,
  PathsRow,
  RetentionRow,
  StickinessRow,
  TrendsRow,
} from './resources/endpoints/insight-rows.ts'
export type { EndpointCache, EndpointDebug, EndpointResult } from './resources/endpoints/result.ts'
export type { EndpointRefresh, RunArguments, RunOptions } from './resources/endpoints/run.ts'
export type {
  CallOptions,
  RequestArguments,
  RequestInput,
  RequestOutput,
  Route,
} from './resources/requester.ts'
export type { ClientOptions, RetryOptions } from './runtime/config/options.ts'
export type { Config } from './runtime/config/resolve.ts'
export { APIError } from './runtime/errors/api-error.ts'
export { AuthenticationError } from './runtime/errors/authentication-error.ts'
export { BadRequestError } from './runtime/errors/bad-request-error.ts'
export { ConfigurationError } from './runtime/errors/configuration-error.ts'
export { ConflictError } from './runtime/errors/conflict-error.ts'
export { ConnectionError } from './runtime/errors/connection-error.ts'
export { DecodeError } from './runtime/errors/decode-error.ts'
export { MissingVariablesError } from './runtime/errors/missing-variables-error.ts'
export { NotFoundError } from './runtime/errors/not-found-error.ts'
export { PermissionError } from './runtime/errors/permission-error.ts'
export { type ErrorKind, isPostHogError, PostHogError } from './runtime/errors/posthog-error.ts'
export { QueryError } from './runtime/errors/query-error.ts'
export { QueryTimeoutError } from './runtime/errors/query-timeout-error.ts'
export { QuotaExceededError } from './runtime/errors/quota-exceeded-error.ts'
export { RateLimitError } from './runtime/errors/rate-limit-error.ts'
export { ServerError } from './runtime/errors/server-error.ts'
export { TimeoutError } from './runtime/errors/timeout-error.ts'
export { VersionDriftError } from './runtime/errors/version-drift-error.ts'
export type { RequestEvent, ResponseEvent, RetryEvent } from './runtime/observe/events.ts'
export type { LogFields, Logger, LogLevel } from './runtime/observe/logger.ts'
export type { APIPromise, WithResponse } from './runtime/transport/api-promise.ts'
export type { AttemptRecord, Call, CallContext } from './runtime/transport/context.ts'
export type { Middleware, Next } from './runtime/transport/middleware.ts'
