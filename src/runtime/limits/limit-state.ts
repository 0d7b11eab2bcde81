import { unlimited } from './adaptive-limits.ts'
import type { LimitKey } from './limit-key.ts'
import type { Claim, Usage } from './store.ts'

/** How one of PostHog's rate limits stands, as this client counts it. */
export interface LimitState {
  /** Name of the limit, such as `query`. */
  readonly bucket: string
  /** Project of the queries, where the limit takes only a few at once. */
  readonly project: string | undefined
  /**
   * Requests counted in each window. `ms` is the length of the window, a little longer than PostHog's. `limit` is below
   * the published one while Typehog adapts to a lower allowance.
   */
  readonly windows: readonly { readonly ms: number; readonly used: number; readonly limit: number }[]
  /** Queries in flight, and how many may be. Undefined where PostHog does not limit them. */
  readonly queries: { readonly running: number; readonly limit: number } | undefined
  /** Calls that wait for their turn. */
  readonly waiting: number
  /** Milliseconds left of a pause after a refusal; 0 when there is none. */
  readonly blockedMs: number
}

/** The state of a bucket whose next request would make this claim. */
export function stateOf(
  { throttle, project }: LimitKey,
  { windows, gates, blocks }: Claim,
  usage: Usage,
  waiting: number,
): LimitState {
  const [gate] = gates
  return {
    bucket: throttle,
    project,
    windows: windows
      .filter(({ requests }) => requests !== unlimited)
      .map(({ key, requests, ms }) => ({ ms, used: usage.windows[key] ?? 0, limit: requests })),
    queries: gate && { running: usage.gates[gate.key] ?? 0, limit: gate.places },
    waiting,
    blockedMs: Math.max(0, ...blocks.map((key) => usage.blocks[key] ?? 0)),
  }
}
