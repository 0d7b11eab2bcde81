export {
  EngineError,
  type ListenOptions,
  type LocalKey,
  type LocalKeyKind,
  type LocalPostHog,
  type LocalPostHogOptions,
  type LocalServer,
  type SqlEngine,
  type SqlParameters,
  type SqlResult,
  startLocalPostHog,
  type ThrottleRates,
} from './local/local-posthog.ts'
