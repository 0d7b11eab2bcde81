import { credentialOf, currentKey } from '../auth/credential.ts'
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

/** Regions that know a refused key, by a hash of the key. Each key is looked up once. */
export type RegionCache = Map<string, Promise<Region | undefined>>

/** The error for a response that is not 2xx. */
export async function toApiError(
  { status, headers, bytes }: HttpResponse,
  run: CallState,
  config: Config,
  platform: Platform,
  regions: RegionCache,
  redactText: Redact,
): Promise<APIError> {
  const { operation } = run
  const refused = { status, headers, text: new TextDecoder().decode(bytes) }
  const error = errorFromResponse(refused, operation, platform.now(), fixFor, redactText)
  // What was sent without the key says nothing about it.
  if (status !== 401 || error.code !== 'authentication_failed' || run.call.public) return error
  const region = await regionOfKey(run, config, platform, regions)
  if (region === undefined) return error
  const { host } = config
  return new WrongRegionError({
    ...error,
    region,
    host,
    message: `${operation}: ${host} does not know the key, and PostHog Cloud ${region.toUpperCase()} does.`,
    fix: `Pass \`region: '${region}'\`, or set POSTHOG_HOST to https://${region}.posthog.com.`,
  })
}

/** Asked once for each key, and only between the two regions of PostHog Cloud. */
async function regionOfKey(
  run: CallState,
  config: Config,
  platform: Platform,
  regions: RegionCache,
): ReturnType<typeof findRegion> {
  const { region, findRegion: allowed, keyKind } = config
  if (region === undefined || !allowed || (keyKind !== 'personal' && keyKind !== 'unknown')) return undefined
  const name = `${region} ${credentialOf(config)}`
  let asked = regions.get(name)
  if (asked === undefined) {
    const key = await currentKey(config)
    asked = findRegion(key, region, platform).catch(() => undefined)
    regions.set(name, asked)
  }
  // Calls share one question, and each waits within its own deadline.
  return untilAbort(asked, run.deadline).catch(() => undefined)
}

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
  const scope = startDeadline(platform, undefined, timeout, () => new Error('No answer in time'))
  try {
    const response = await platform.fetch(`${regionHost(other)}/api/personal_api_keys/@current/`, {
      method: 'GET',
      headers: { authorization: `Bearer ${key}` },
      redirect: 'manual',
      signal: scope.signal,
    })
    discardBody(response)
    return response.status === 200 ? other : undefined
  } catch {
    return undefined
  } finally {
    scope.end()
  }
}
