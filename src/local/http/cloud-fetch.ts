/** A local PostHog that stands in for a region of PostHog Cloud. */
export interface CloudRegion {
  /** Handles one request. */
  handle(request: Request): Promise<Response>
}

/**
 * A `fetch` that serves PostHog Cloud from this machine. Requests to `https://us.posthog.com` and
 * `https://eu.posthog.com` each go to a local PostHog. Use it to test how a program handles a key of the wrong region.
 *
 * Every other URL fails like a `fetch` without a network.
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
    throw new TypeError('fetch failed', {
      cause: {
        code: 'ENOTFOUND',
        message: `cloudFetch serves only us.posthog.com and eu.posthog.com, got ${origin}`,
      },
    })
  }
}
