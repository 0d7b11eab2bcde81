/** At most `requests` claims in any stretch of `ms` milliseconds. */
export interface WindowClaim {
  readonly key: string
  readonly requests: number
  readonly ms: number
}

/** At most `places` claims at once. A place that nobody gives back comes free after `leaseMs` milliseconds. */
export interface GateClaim {
  readonly key: string
  readonly places: number
  readonly leaseMs: number
}

/** What one request asks for: all of it, or nothing. */
export interface Claim {
  readonly windows: readonly WindowClaim[]
  readonly gates: readonly GateClaim[]
  /** Keys that may have been blocked. */
  readonly blocks: readonly string[]
}

/** What a store answers to a claim. */
export type Grant =
  /** Counted in every window, with a place in every gate under the name `lease`. */
  | { readonly granted: true; readonly lease: string }
  /**
   * Nothing was counted. `key` is what refuses longest; `waitMs` is when it may be asked again, undefined for a gate,
   * whose places come free at any time.
   */
  | { readonly granted: false; readonly key: string; readonly waitMs: number | undefined }

/** How much of a claim's limits is used now, by key. */
export interface Usage {
  /** Claims counted in each window. */
  readonly windows: Readonly<Record<string, number>>
  /** Places taken in each gate. */
  readonly gates: Readonly<Record<string, number>>
  /** Milliseconds that each blocked key stays so; keys that are free are left out. */
  readonly blocks: Readonly<Record<string, number>>
}

/**
 * Where requests are counted. Clients that share a store share its limits. Each method is atomic, and time is the
 * store's own, so that clients whose clocks disagree may share one. A method that rejects, or takes longer than
 * `limits.storeTimeout`, fails no call: the client counts in its own process until the store answers again.
 */
export interface LimitStore {
  /** May answer at once. */
  take(claim: Claim): Grant | Promise<Grant>
  /** Gives the places of a lease back, and does nothing when they came free already. */
  release(claim: Claim, lease: string): Promise<void>
  /** Takes a claim out of its windows again: PostHog refused the request, and did not count it either. */
  undo(claim: Claim, lease: string): Promise<void>
  /** Refuses claims that name the key for `ms` milliseconds. Of two blocks the one that ends later counts. */
  block(key: string, ms: number): Promise<void>
  /** How far the windows and gates of a claim are used, and how long it is blocked. Takes nothing. */
  usage(claim: Claim): Promise<Usage>
}
