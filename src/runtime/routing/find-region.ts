import { type Region, regionHost } from '../config/host.ts'
import type { Platform } from '../platform.ts'
import { openScope } from '../transport/abort.ts'
import { release } from '../transport/answer.ts'

/** Milliseconds for the question. */
const timeout = 5_000

/**
 * Whether the other region of PostHog Cloud knows a key that this one refused. PostHog's answer in the wrong region
 * is the same as for a key that never was, so there is no other way to tell. The route works with any personal key
 * (PostHog/posthog posthog/api/personal_api_key.py).
 *
 * Undefined when neither knows it, or nobody answered.
 */
export async function findRegion(
  key: string,
  asked: Region,
  platform: Pick<Platform, 'fetch' | 'timer'>,
): Promise<Region | undefined> {
  const other = asked === 'us' ? 'eu' : 'us'
  const scope = openScope(platform, undefined, timeout, () => new Error('No answer in time'))
  try {
    const response = await platform.fetch(`${regionHost(other)}/api/personal_api_keys/@current/`, {
      method: 'GET',
      headers: { authorization: `Bearer ${key}` },
      redirect: 'manual',
      signal: scope.signal,
    })
    release({ response })
    return response.status === 200 ? other : undefined
  } catch {
    return undefined
  } finally {
    scope.end()
  }
}
