/** A local PostHog, as far as a region of PostHog Cloud needs it. */
export interface CloudRegion {
  /** Answers one request. */
  handle(request: Request): Promise<Response>
}

/**
 * A `fetch` that has PostHog Cloud on this machine: `https://us.posthog.com` and `https://eu.posthog.com` lead to one
 * local PostHog each, for testing what a program does with a key of the other region.
 *
 * Every other address fails as a `fetch` without a network does.
 *
 * @example
 * const us = await startLocalPostHog()
 * const eu = await startLocalPostHog()
 * const apiKey = eu.personalApiKey
 * const posthog = createClient({ apiKey, projectId: 1, region: 'us', fetch: cloudFetch({ us, eu }) })
 */
export function cloudFetch(
  regions: Readonly<Record<'us' | 'eu', CloudRegion>>,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  return async (input, init) => {
    const request = new Request(input, init)
    const { origin } = new URL(request.url)
    if (origin === 'https://us.posthog.com') return regions.us.handle(request)
    if (origin === 'https://eu.posthog.com') return regions.eu.handle(request)
    throw new TypeError('fetch failed', { cause: { code: 'ENOTFOUND', message: `${origin} is not here` } })
  }
}
