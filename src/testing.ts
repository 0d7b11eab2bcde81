/**
 * Tests without an account: a local PostHog, recordings of real traffic, and stubbed clients.
 *
 * @module typehog/testing
 */

export {
  type CloudRegion,
  cloudFetch,
  EngineError,
  type Fault,
  type FaultEffect,
  type FaultScript,
  type FaultTarget,
  faults,
  type InsertEventsOptions,
  type ListenOptions,
  type LocalClock,
  type LocalEvent,
  type LocalEvents,
  type LocalKey,
  type LocalKeyKind,
  type LocalPostHog,
  type LocalPostHogOptions,
  type LocalServer,
  type ReceivedRequest,
  type SqlEngine,
  type SqlParameters,
  type SqlResult,
  startLocalPostHog,
  type ThrottleRates,
  type WindowLimit,
} from './local/local-posthog.ts'
export { type APIErrorOptions, apiError } from './stub/api-error.ts'
export { NotStubbedError } from './stub/find-stub.ts'
export { type StubClientOptions, stubClient } from './stub/stub-client.ts'
export type {
  ClientStubs,
  DeepPartial,
  EndpointStub,
  EndpointStubs,
  MethodStub,
  OtherEndpointStub,
  PathStub,
  StubbedClient,
  StubbedRows,
  StubbedRun,
  StubCall,
  StubResult,
  StubsOf,
} from './stub/stubs.ts'
export type { FetchFunction } from './testing/read-request.ts'
export { type RecordFetchOptions, recordFetch } from './testing/record-fetch.ts'
export { type ReplayFetchOptions, replayFetch } from './testing/replay-fetch.ts'
