import { credentialOf } from '../config/credential.ts'
import { currentKey } from '../config/current-key.ts'
import type { Config } from '../config/resolve.ts'
import type { APIError } from '../errors/api-error.ts'
import { fixFor } from '../errors/fixes.ts'
import { errorFromResponse } from '../errors/from-response.ts'
import { WrongRegionError } from '../errors/wrong-region-error.ts'
import type { Redact } from '../observe/redact.ts'
import type { Platform } from '../platform.ts'
import { findRegion } from '../routing/find-region.ts'
import { untilAbort } from './abort.ts'
import type { Answer } from './answer.ts'
import type { CallRun } from './context.ts'
import type { Shared } from './shared.ts'

/** The error for an answer other than 2xx. */
export async function refusalOf(
  { status, headers, bytes }: Answer,
  run: CallRun,
  config: Config,
  platform: Platform,
  shared: Shared,
  redactText: Redact,
): Promise<APIError> {
  const { operation } = run
  const refused = { status, headers, text: new TextDecoder().decode(bytes) }
  const error = errorFromResponse(refused, operation, platform.now(), fixFor, redactText)
  // What was sent without the key says nothing about it.
  if (status !== 401 || error.code !== 'authentication_failed' || run.call.public) return error
  const region = await regionOfKey(run, config, platform, shared)
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
  run: CallRun,
  config: Config,
  platform: Platform,
  { regions }: Shared,
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
  return untilAbort(asked, run.scope).catch(() => undefined)
}
