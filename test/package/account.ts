import type { LocalPostHog } from '../../src/testing.ts'

/** The environment in which programs find a local PostHog. */
export function accountOf(local: LocalPostHog, url: string): Readonly<Record<string, string>> {
  return {
    POSTHOG_HOST: url,
    POSTHOG_PROJECT_ID: String(local.projectId),
    POSTHOG_PERSONAL_API_KEY: local.personalApiKey,
  }
}
