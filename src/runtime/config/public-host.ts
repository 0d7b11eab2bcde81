/** The host that takes events and evaluates flags. On PostHog Cloud that is another one than that of the private API. */
export function publicHost(host: string): string {
  return host.replace(/^(https:\/\/(?:us|eu))(?=\.posthog\.com$)/, '$1.i')
}
