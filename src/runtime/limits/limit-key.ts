import type { KeyKind } from '../config/key.ts'
import { alsoCounts, type Rate, ratesOf, type ThrottleClass } from './buckets.ts'
import type { Claim, GateClaim, WindowClaim } from './store.ts'

/** What decides which limits count a call. Calls with equal keys share their limits and one queue. */
export interface LimitKey {
  readonly origin: string
  /** A hash of the API key. */
  readonly credential: string
  readonly keyKind: KeyKind | undefined
  readonly throttle: ThrottleClass
  readonly project: string | undefined
  /** Whether PostHog runs a query for the call. A project may run only a few at once. */
  readonly runsQuery: boolean
}

/** The configured limits. */
export interface LimitConfig {
  readonly rates: { readonly [Name in ThrottleClass]?: readonly Rate[] }
  readonly queriesAtOnce: number
  readonly tableReadsAtOnce: number
}

/**
 * Milliseconds of a window: a little longer than PostHog's. PostHog counts a request when it arrives, so one that
 * travels faster than an earlier one would otherwise come too soon.
 */
const windowMs = (seconds: number): number => seconds * 1_000 + Math.min(500, seconds * 20)

/** Milliseconds after which a place that was not released comes free. No query runs for longer. */
const leaseMs = 600_000

/** Queries at once of an OAuth token. PostHog counts them with the app's own, for the whole organization. */
const oauthQueriesAtOnce = 6

/**
 * The claim of one request. PostHog does not count OAuth tokens. It counts each project secret key and, for queries and
 * endpoints, also all secret keys of a project together.
 */
export function claimFor(limitKey: LimitKey, config: LimitConfig): Claim {
  const { origin, credential, keyKind, throttle, project = '', runsQuery } = limitKey
  const owners = [credential]
  if (keyKind === 'project_secret' && (throttle === 'query' || throttle === 'materialized')) {
    owners.push(`project ${project}`)
  }
  const also = alsoCounts[throttle]
  const windows: WindowClaim[] = []
  const blocks: string[] = []
  for (const name of also === undefined ? [throttle] : [throttle, also]) {
    for (const owner of owners) {
      const bucket = `${origin} ${owner} ${name}`
      blocks.push(bucket)
      if (keyKind === 'oauth') continue
      for (const { requests, seconds } of config.rates[name] ?? ratesOf(name)) {
        windows.push({ key: `${bucket} ${seconds}`, requests, ms: windowMs(seconds) })
      }
    }
  }
  const gates: GateClaim[] = []
  if (runsQuery) {
    const table = throttle === 'materialized'
    const places = table
      ? config.tableReadsAtOnce
      : keyKind === 'oauth'
        ? oauthQueriesAtOnce
        : config.queriesAtOnce
    const key = `${origin} project ${project} ${table ? 'tables' : 'queries'}`
    gates.push({ key, places, leaseMs })
    blocks.push(key)
  }
  return { windows, gates, blocks }
}
