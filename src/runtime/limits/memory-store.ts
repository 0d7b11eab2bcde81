import type { Claim, Grant, LimitStore } from './store.ts'

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
