import type { Demand } from './claim.ts'
import type { Claim, Usage } from './store.ts'

/** How one of PostHog's rate limits stands, as this client counts it. */
export interface LimitState {
  /** Name of the limit, such as `query`. */
  readonly bucket: string
  /** Project of the queries, where the limit takes only a few at once. */
  readonly project: string | undefined
  /**
   * Requests counted in each window. `ms` is how long a request counts, a little longer than with PostHog; `limit` is
   * lower than the published one where refusals taught so.
   */
  readonly windows: readonly { readonly ms: number; readonly used: number; readonly limit: number }[]
  /** Queries under way, and how many may be. Undefined where PostHog does not mind. */
  readonly queries: { readonly running: number; readonly limit: number } | undefined
  /** Calls that wait for their turn. */
  readonly waiting: number
  /** Milliseconds for which PostHog asked to send nothing more; 0 when it did not. */
  readonly blockedMs: number
}

/** The state of one demand's limits. */
export function stateOf(
  { demand, waiting, claim }: { demand: Demand; waiting: number; claim: () => Claim },
  usage: Usage,
): LimitState {
  const { windows, gates, blocks } = claim()
  const [gate] = gates
  return {
    bucket: demand.throttle,
    project: demand.project,
    windows: windows.map(({ key, requests, ms }) => ({ ms, used: usage.windows[key] ?? 0, limit: requests })),
    queries: gate && { running: usage.gates[gate.key] ?? 0, limit: gate.places },
    waiting,
    blockedMs: Math.max(0, ...blocks.map((key) => usage.blocks[key] ?? 0)),
  }
}
