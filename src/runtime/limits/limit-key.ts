import type { KeyKind } from '../config/key.ts'
import { alsoCounts, type Rate, ratesOf, type ThrottleClass } from './buckets.ts'
import type { Claim, GateClaim, WindowClaim } from './store.ts'

/** Who asks, and for what. Calls with equal demands share their limits and queue together. */
export interface Demand {
  readonly origin: string
  /** Stands for the key without giving it away. */
  readonly credential: string
  readonly keyKind: KeyKind | undefined
  readonly throttle: ThrottleClass
  readonly project: string | undefined
  /** Whether PostHog runs a query for it, of which a project may have only a few at once. */
  readonly runsQuery: boolean
}

/** The numbers in force, before anything is learned. */
export interface Numbers {
  readonly rates: { readonly [Name in ThrottleClass]?: readonly Rate[] }
  readonly queriesAtOnce: number
  readonly tableReadsAtOnce: number
}

/**
 * Milliseconds for which a window is held: a little longer than PostHog's. A request counts there when it arrives, not
 * when it leaves here: without the margin one that travels faster than an earlier one would come too soon.
 */
const held = (seconds: number): number => seconds * 1_000 + Math.min(1_000, seconds * 20)

/** A place comes free after this many milliseconds at the latest; no query runs for longer. */
const leaseMs = 600_000

/** Queries at once of an OAuth token, which PostHog counts with the app's own, for the whole organization. */
const oauthQueriesAtOnce = 6

/**
 * What a request asks of the store. OAuth tokens are not counted. Secret keys are counted each by itself and, where
 * they run endpoints, all of a project together.
 */
export function claimOf(demand: Demand, numbers: Numbers): Claim {
  const { origin, credential, keyKind, throttle, project = '', runsQuery } = demand
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
      for (const { requests, seconds } of numbers.rates[name] ?? ratesOf(name)) {
        windows.push({ key: `${bucket} ${seconds}`, requests, ms: held(seconds) })
      }
    }
  }
  const gates: GateClaim[] = []
  if (runsQuery) {
    const table = throttle === 'materialized'
    const places = table
      ? numbers.tableReadsAtOnce
      : keyKind === 'oauth'
        ? oauthQueriesAtOnce
        : numbers.queriesAtOnce
    const key = `${origin} project ${project} ${table ? 'tables' : 'queries'}`
    gates.push({ key, places, leaseMs })
    blocks.push(key)
  }
  return { windows, gates, blocks }
}
