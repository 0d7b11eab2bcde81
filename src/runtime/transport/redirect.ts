import { ConfigurationError } from '../errors/configuration-error.ts'

const redirects = [301, 302, 303, 307, 308]

/** What is looked at to decide about a redirect. */
export interface RedirectFacts {
  readonly operation: string
  readonly method: string
  /** Address that was asked. */
  readonly url: string
  readonly hops: number
  readonly maxHops: number
}

/**
 * The address to ask next, or undefined when the response is no redirect. Only GET and HEAD are followed, and only
 * within their origin: everything else would send a write or the key where nobody configured it to go.
 *
 * @throws ConfigurationError for a redirect that is not followed; it names the target's origin
 */
export function redirectTarget(response: Response, facts: RedirectFacts): string | undefined {
  // Browsers hide where a redirect leads.
  const hidden = response.type === 'opaqueredirect'
  if (!hidden && !redirects.includes(response.status)) return undefined
  const location = response.headers.get('location')
  if (!hidden && location === null) return undefined
  const { operation, method, url, hops, maxHops } = facts
  const target = location !== null && URL.canParse(location, url) ? new URL(location, url) : undefined
  const origin = target?.origin ?? 'an unknown address'
  const refuse = (why: string): never => {
    throw new ConfigurationError({
      message: `${operation} was redirected to ${origin}, ${why}.`,
      fix: 'Set `host` to where the API is, with its scheme and sub-path.',
    })
  }
  if (target === undefined || target.origin !== new URL(url).origin)
    return refuse('which does not get the key')
  if (method !== 'GET' && method !== 'HEAD') return refuse(`and a ${method} is not sent twice`)
  return hops < maxHops ? target.href : refuse(`after ${maxHops} redirects`)
}
