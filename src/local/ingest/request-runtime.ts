/** The side that evaluates flags: PostHog leaves out flags that are limited to the other one. */
export type Runtime = 'client' | 'server' | 'all'

const SERVER_SDKS = ['python', 'ruby', 'php', 'java', 'go', 'node', 'dotnet', 'elixir', 'server']
const CLIENT_SDKS = ['js', 'android', 'ios', 'react-native', 'flutter']
const BROWSERS = ['Mozilla/', 'Chrome/', 'Safari/', 'Firefox/', 'Edge/']
const HTTP_CLIENTS = ['python-requests/', 'curl/']
const BROWSER_HEADERS = ['origin', 'referer', 'sec-fetch-mode', 'sec-fetch-site']

/**
 * The runtime of a request: what its body says, else what its headers suggest, else undefined.
 *
 * @see PostHog/posthog rust/feature-flags/src/handler/flags.rs and utils/user_agent.rs
 */
export function runtimeOf({ headers }: Request, given: unknown): Runtime | undefined {
  if (typeof given === 'string') {
    const name = given.toLowerCase()
    return name === 'client' || name === 'server' ? name : 'all'
  }
  const agent = headers.get('user-agent') ?? ''
  const [, sdk] = /^posthog-([^/]+)\/\S/.exec(agent) ?? []
  if (sdk !== undefined && SERVER_SDKS.includes(sdk)) return 'server'
  if (sdk !== undefined && CLIENT_SDKS.includes(sdk)) return 'client'
  if (!agent.startsWith('posthog-')) {
    if (BROWSERS.some((name) => agent.includes(name))) return 'client'
    if (HTTP_CLIENTS.some((name) => agent.includes(name))) return 'server'
  }
  return BROWSER_HEADERS.some((name) => headers.has(name)) ? 'client' : undefined
}

/** Whether a runtime evaluates a flag. An unknown one evaluates only flags for all. */
export function evaluatesFlag(runtime: Runtime | undefined, flagRuntime: unknown): boolean {
  const isForAll = flagRuntime !== 'client' && flagRuntime !== 'server'
  return isForAll || runtime === 'all' || runtime === flagRuntime
}
