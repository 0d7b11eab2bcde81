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

/** Grants after which at the latest what is no longer needed is forgotten; more when there are many keys. */
const sweepEvery = 1_000

/**
 * Counts in this process. Exact: a window remembers when each of its claims was granted, for as long as the longest
 * window under its key. Every client has a store of its own; clients that are made apart share limits when they are
 * given the same. Runs no timer, and forgets keys that are not used any more.
 *
 * @param monotonic a clock that counts milliseconds. Default: the one of this process.
 * @example
 * const store = memoryStore()
 * const clients = [1, 2].map((projectId) => createClient({ projectId, limits: { store } }))
 */
export function memoryStore(monotonic: () => number = () => performance.now()): LimitStore {
  const logs = new Map<string, Log>()
  const gates = new Map<string, Map<string, number>>()
  const blocks = new Map<string, number>()
  let count = 0
  let sweepAt = sweepEvery

  /** Milliseconds for which a key stays blocked, below zero when it is free. */
  const blockedFor = (key: string, now: number): number => (blocks.get(key) ?? now) - now

  /** Places taken in a gate. */
  const taken = (key: string, now: number): number => {
    const places = gates.get(key)
    if (places === undefined) return 0
    for (const [lease, until] of places) if (until <= now) places.delete(lease)
    if (places.size === 0) gates.delete(key)
    return places.size
  }

  const refuse = (claim: Claim, now: number): Grant | undefined => {
    let wait = 0
    let refusing: string | undefined
    const refuseFor = (key: string, ms: number): void => {
      if (ms > wait) [refusing, wait] = [key, ms]
    }
    for (const key of claim.blocks) refuseFor(key, blockedFor(key, now))
    for (const { key, requests, ms } of claim.windows) {
      // One more fits when this claim, counted from the newest, has left the window.
      const leaver = requests < 1 ? { at: now } : logs.get(key)?.grants.at(-requests)
      if (leaver !== undefined) refuseFor(key, leaver.at + ms - now)
    }
    if (refusing !== undefined) return { granted: false, key: refusing, waitMs: Math.ceil(wait) }
    const full = claim.gates.find(({ key, places }) => taken(key, now) >= places)
    return full && { granted: false, key: full.key, waitMs: undefined }
  }

  const sweep = (now: number): void => {
    for (const [key, { grants, longest }] of logs) {
      const first = grants.findIndex(({ at }) => at + longest > now)
      if (first < 0) logs.delete(key)
      else grants.splice(0, first)
    }
    for (const key of gates.keys()) taken(key, now)
    for (const key of blocks.keys()) if (blockedFor(key, now) <= 0) blocks.delete(key)
    // A sweep looks at each key once, so that with many keys it has to come less often.
    sweepAt = count + sweepEvery + logs.size + gates.size + blocks.size
  }

  return {
    take(claim) {
      const now = monotonic()
      const refusal = refuse(claim, now)
      if (refusal !== undefined) return refusal
      count += 1
      if (count > sweepAt) sweep(now)
      const lease = `${count}`
      const grant = { at: now, lease }
      for (const { key, ms } of claim.windows) {
        const log = logs.get(key)
        if (log === undefined) logs.set(key, { grants: [grant], longest: ms })
        else {
          // A claim counts once under a key, whatever number of its windows has it.
          if (log.grants.at(-1) !== grant) log.grants.push(grant)
          log.longest = Math.max(log.longest, ms)
        }
      }
      for (const { key, leaseMs } of claim.gates) {
        const places = gates.get(key)
        if (places === undefined) gates.set(key, new Map([[lease, now + leaseMs]]))
        else places.set(lease, now + leaseMs)
      }
      return { granted: true, lease }
    },
    async release(claim, lease) {
      for (const { key } of claim.gates) {
        const places = gates.get(key)
        places?.delete(lease)
        if (places?.size === 0) gates.delete(key)
      }
    },
    async undo({ windows }, lease) {
      for (const { key } of windows) {
        const grants = logs.get(key)?.grants
        const at = grants?.findLastIndex((grant) => grant.lease === lease) ?? -1
        if (at >= 0) grants?.splice(at, 1)
      }
    },
    async block(key, ms) {
      blocks.set(key, Math.max(blocks.get(key) ?? 0, monotonic() + ms))
    },
    async usage(claim) {
      const now = monotonic()
      const counted = ({ key, ms }: Claim['windows'][number]): number => {
        const { grants } = logs.get(key) ?? { grants: [] }
        return grants.length - 1 - grants.findLastIndex(({ at }) => at + ms <= now)
      }
      return {
        windows: Object.fromEntries(claim.windows.map((window) => [window.key, counted(window)])),
        gates: Object.fromEntries(claim.gates.map(({ key }) => [key, taken(key, now)])),
        blocks: Object.fromEntries(
          claim.blocks.map((key) => [key, blockedFor(key, now)] as const).filter(([, ms]) => ms > 0),
        ),
      }
    },
  }
}

/** When claims of a key were granted, oldest first, and milliseconds of the longest window that it was claimed with. */
interface Log {
  readonly grants: { readonly at: number; readonly lease: string }[]
  longest: number
}
