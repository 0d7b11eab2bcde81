import { type ClientOptions, createClient, type TypehogClient } from '../../src/index.ts'
import { type LocalPostHog, type LocalPostHogOptions, startLocalPostHog } from '../../src/testing.ts'

/** Starts a local PostHog without throttles, and creates a client that calls it without a socket. */
export async function startLocalClient(
  setting: LocalPostHogOptions,
  options: ClientOptions = {},
): Promise<{ readonly local: LocalPostHog; readonly posthog: TypehogClient }> {
  const local = await startLocalPostHog({ throttle: false, ...setting })
  const posthog = createClient({
    apiKey: local.personalApiKey,
    projectId: local.projectId,
    host: 'http://local.test',
    fetch: (url, init) => local.handle(new Request(url, init)),
    logLevel: 'off',
    ...options,
  })
  return { local, posthog }
}
