export {
  type LocalPostHog,
  type LocalPostHogOptions,
  startLocalPostHog,
} from './local/local-posthog.ts'
