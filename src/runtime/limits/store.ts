/** One request in a sliding window of `ms` milliseconds that allows `requests` requests. */
export interface WindowRequest {
  readonly key: string
  readonly requests: number
  readonly ms: number
}

/** One place in a gate that allows `places` concurrent requests. A place expires after `leaseMs` milliseconds. */
export interface GateRequest {
  readonly key: string
  readonly places: number
  readonly leaseMs: number
}

/** The limits that one API request counts toward. A store grants all of them or none. */
export interface LimitRequest {
  readonly windows: readonly WindowRequest[]
  readonly gates: readonly GateRequest[]
  /** Keys to check for blocks. */
  readonly blocks: readonly string[]
}

/** The decision of a store on a limit request. */
export type LimitDecision =
  /** Granted: counted in every window, with a place in every gate. `lease` identifies both. */
  | { readonly granted: true; readonly lease: string }
  /**
   * Denied: nothing was counted. `key` is the limit with the longest wait. `waitMs` is that wait in milliseconds;
   * undefined for a gate, where a place may be released at any time.
   */
  | { readonly granted: false; readonly key: string; readonly waitMs: number | undefined }

/** Current usage of the limits of a request, by key. */
export interface LimitUsage {
  /** Requests counted in each window. */
  readonly windows: Readonly<Record<string, number>>
  /** Places taken in each gate. */
  readonly gates: Readonly<Record<string, number>>
  /** Milliseconds until each block ends. Omits keys that are not blocked. */
  readonly blocks: Readonly<Record<string, number>>
}

/**
 * A store that counts requests. Clients that share a store share its limits. Each method must be atomic and use the
 * store's own clock, so that clients with different clocks can share it. If a method rejects, or takes longer than
 * `limits.storeTimeout`, the client counts in its own process until the store responds again.
 */
export interface LimitStore {
  /** Grants or denies a request. May return synchronously. */
  take(request: LimitRequest): LimitDecision | Promise<LimitDecision>
  /** Releases the places of a lease. Does nothing if they were released or have expired. */
  release(request: LimitRequest, lease: string): Promise<void>
  /** Removes a granted request from its windows, because PostHog throttled it and did not count it. */
  undo(request: LimitRequest, lease: string): Promise<void>
  /** Denies requests with this key for `ms` milliseconds. The later end of two blocks applies. */
  block(key: string, ms: number): Promise<void>
  /** Reads the current usage of the limits of a request, without counting it. */
  usage(request: LimitRequest): Promise<LimitUsage>
}

/** Number of grants between two sweeps of expired entries; more if there are many keys. */
const sweepEvery = 1_000

/**
 * A limit store in the memory of this process. It is exact: it records the time of each grant for the longest window of
 * its key. By default every client has its own store; pass one store to several clients to share limits. It runs no
 * timer and removes unused keys.
 *
 * @param monotonic a monotonic clock in milliseconds. Default: `performance.now`
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

  /** Milliseconds until the block of a key ends; negative if it is not blocked. */
  const blockedFor = (key: string, now: number): number => (blocks.get(key) ?? now) - now

  /** Places taken in a gate. */
  const taken = (key: string, now: number): number => {
    const places = gates.get(key)
    if (places === undefined) return 0
    for (const [lease, until] of places) if (until <= now) places.delete(lease)
    if (places.size === 0) gates.delete(key)
    return places.size
  }

  const deny = (request: LimitRequest, now: number): LimitDecision | undefined => {
    let wait = 0
    let exceeded: string | undefined
    const denyFor = (key: string, ms: number): void => {
      if (ms > wait) [exceeded, wait] = [key, ms]
    }
    for (const key of request.blocks) denyFor(key, blockedFor(key, now))
    for (const { key, requests, ms } of request.windows) {
      // The window has room again once this grant, counted from the newest, has left it.
      const blocking = requests < 1 ? { at: now } : logs.get(key)?.grants.at(-requests)
      if (blocking !== undefined) denyFor(key, blocking.at + ms - now)
    }
    if (exceeded !== undefined) return { granted: false, key: exceeded, waitMs: Math.ceil(wait) }
    const full = request.gates.find(({ key, places }) => taken(key, now) >= places)
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
    // A sweep visits every key, so it runs less often when there are many.
    sweepAt = count + sweepEvery + logs.size + gates.size + blocks.size
  }

  return {
    take(request) {
      const now = monotonic()
      const denial = deny(request, now)
      if (denial !== undefined) return denial
      count += 1
      if (count > sweepAt) sweep(now)
      const lease = `${count}`
      const grant = { at: now, lease }
      for (const { key, ms } of request.windows) {
        const log = logs.get(key)
        if (log === undefined) logs.set(key, { grants: [grant], longest: ms })
        else {
          // A request counts once per key, even if several of its windows share it.
          if (log.grants.at(-1) !== grant) log.grants.push(grant)
          log.longest = Math.max(log.longest, ms)
        }
      }
      for (const { key, leaseMs } of request.gates) {
        const places = gates.get(key)
        if (places === undefined) gates.set(key, new Map([[lease, now + leaseMs]]))
        else places.set(lease, now + leaseMs)
      }
      return { granted: true, lease }
    },
    async release(request, lease) {
      for (const { key } of request.gates) {
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
    async usage(request) {
      const now = monotonic()
      const counted = ({ key, ms }: LimitRequest['windows'][number]): number => {
        const { grants } = logs.get(key) ?? { grants: [] }
        return grants.length - 1 - grants.findLastIndex(({ at }) => at + ms <= now)
      }
      return {
        windows: Object.fromEntries(request.windows.map((window) => [window.key, counted(window)])),
        gates: Object.fromEntries(request.gates.map(({ key }) => [key, taken(key, now)])),
        blocks: Object.fromEntries(
          request.blocks.map((key) => [key, blockedFor(key, now)] as const).filter(([, ms]) => ms > 0),
        ),
      }
    },
  }
}

/** Grants of a key. */
interface Log {
  /** Oldest first. */
  readonly grants: { readonly at: number; readonly lease: string }[]
  /** Length of the longest window under the key, in milliseconds. */
  longest: number
}
