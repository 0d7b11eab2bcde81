import { credentialId, currentKey } from '../auth/credential.ts'
import { type Region, regionHost } from '../config/host.ts'
import type { Config } from '../config/resolve.ts'
import { type APIError, WrongRegionError } from '../errors/api-errors.ts'
import { fixFor } from '../errors/fixes.ts'
import { errorFromResponse } from '../errors/from-response.ts'
import type { Redact } from '../observe/redact.ts'
import { discardBody, type Platform } from '../platform.ts'
import type { CallState } from './call.ts'
import { startDeadline, untilAbort } from './deadline.ts'
import type { HttpResponse } from './http-response.ts'

/** Regions of rejected keys, by a hash of the key. Each key is looked up once. */
export type RegionCache = Map<string, Promise<Region | undefined>>

/** Creates the error for a response other than 2xx. */
export async function toApiError(
  { status, headers, bytes }: HttpResponse,
  state: CallState,
  config: Config,
  platform: Platform,
  regions: RegionCache,
  redactText: Redact,
): Promise<APIError> {
  const { operation } = state
  const response = { status, headers, text: new TextDecoder().decode(bytes) }
  const error = errorFromResponse(response, operation, platform.now(), fixFor, redactText)
  // A public call does not send the key.
  if (status !== 401 || error.code !== 'authentication_failed' || state.call.public) return error
  const region = await regionOfKey(state, config, platform, regions)
  if (region === undefined) return error
  const { host } = config
  return new WrongRegionError({
    ...error,
    region,
    host,
    message: `${operation}: ${host} rejects the key, but PostHog Cloud ${region.toUpperCase()} accepts it.`,
    fix: `Pass \`region: '${region}'\`, or set POSTHOG_HOST to https://${region}.posthog.com.`,
  })
}

/** Looks up the region of a key, once per key and only on PostHog Cloud. */
async function regionOfKey(
  state: CallState,
  config: Config,
  platform: Platform,
  regions: RegionCache,
): ReturnType<typeof findRegion> {
  const { region, findRegion: allowed, keyKind } = config
  if (region === undefined || !allowed || (keyKind !== 'personal' && keyKind !== 'unknown')) return undefined
  const name = `${region} ${credentialId(config)}`
  let found = regions.get(name)
  if (found === undefined) {
    const key = await currentKey(config)
    found = findRegion(key, region, platform).catch(() => undefined)
    regions.set(name, found)
  }
  // Calls share one request, and each waits within its own deadline.
  return untilAbort(found, state.deadline).catch(() => undefined)
}

/** Timeout of the request, in milliseconds. */
const timeout = 5_000

/**
 * Checks whether the other region of PostHog Cloud accepts a rejected key. PostHog responds the same to a key of another
 * region and to an unknown key, so only a request can tell. The route works with any personal key (PostHog/posthog
 * posthog/api/personal_api_key.py).
 *
 * Returns undefined when neither region accepts the key, or no response arrives.
 */
export async function findRegion(
  key: string,
  rejectedBy: Region,
  platform: Pick<Platform, 'fetch' | 'timer'>,
): Promise<Region | undefined> {
  const other = rejectedBy === 'us' ? 'eu' : 'us'
  const deadline = startDeadline(platform, undefined, timeout, () => new Error('No response in time'))
  try {
    const response = await platform.fetch(`${regionHost(other)}/api/personal_api_keys/@current/`, {
      method: 'GET',
      headers: { authorization: `Bearer ${key}` },
      redirect: 'manual',
      signal: deadline.signal,
    })
    discardBody(response)
    return response.status === 200 ? other : undefined
  } catch {
    return undefined
  } finally {
    deadline.end()
  }
}
