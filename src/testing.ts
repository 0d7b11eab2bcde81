/**
 * A local PostHog for tests.
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
  type ListenOptions,
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
