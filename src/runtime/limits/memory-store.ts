import type { Claim, Grant, LimitStore, WindowClaim } from './store.ts'

/** Claims after which keys that nobody uses any more are looked for. */
const sweepEvery = 1_000

/**
 * Counts in this process. Exact: a window remembers when each of its claims was granted, oldest first. Every client has
 * one of its own; clients that are made apart share limits when they are given the same.
 *
 * @param monotonic a clock that counts milliseconds. Default: the one of this process.
 * @example
 * const store = memoryStore()
 * const clients = [1, 2].map((projectId) => createClient({ projectId, limits: { store } }))
 */
export function memoryStore(monotonic: () => number = () => performance.now()): LimitStore {
  const logs = new Map<string, Log>()
  const leases = new Map<string, Map<string, number>>()
  const blocks = new Map<string, number>()
  let count = 0

  const logOf = ({ key, ms }: WindowClaim, now: number): Log => {
    const log = logs.get(key) ?? { times: [], first: 0, ms }
    logs.set(key, log)
    log.ms = Math.max(log.ms, ms)
    forget(log, now - log.ms)
    return log
  }
  const taken = (key: string, now: number): number => {
    const places = leases.get(key)
    if (places === undefined) return 0
    for (const [lease, until] of places) if (until <= now) places.delete(lease)
    if (places.size === 0) leases.delete(key)
    return places.size
  }
  const sweep = (now: number): void => {
    for (const [key, log] of logs) {
      forget(log, now - log.ms)
      if (log.first === log.times.length) logs.delete(key)
    }
    for (const [key, until] of blocks) if (until <= now) blocks.delete(key)
  }

  return {
    async take(claim) {
      const now = monotonic()
      const refusal = refuse(claim, now)
      if (refusal !== undefined) return refusal
      for (const window of claim.windows) logOf(window, now).times.push(now)
      count += 1
      if (count % sweepEvery === 0) sweep(now)
      const lease = `${now} ${count}`
      for (const { key, leaseMs } of claim.gates) {
        const places = leases.get(key)
        if (places === undefined) leases.set(key, new Map([[lease, now + leaseMs]]))
        else places.set(lease, now + leaseMs)
      }
      return { granted: true, lease }
    },
    async release({ gates }, lease) {
      for (const { key } of gates) leases.get(key)?.delete(lease)
    },
    async undo({ windows }, lease) {
      const granted = Number.parseFloat(lease)
      for (const { key } of windows) {
        const log = logs.get(key)
        const at = log?.times.lastIndexOf(granted) ?? -1
        if (log !== undefined && at >= log.first) log.times.splice(at, 1)
      }
    },
    async block(key, ms) {
      blocks.set(key, Math.max(blocks.get(key) ?? 0, monotonic() + ms))
    },
    async usage({ windows, gates, blocks: keys }) {
      const now = monotonic()
      const used = (window: WindowClaim): number => {
        const { times, first } = logOf(window, now)
        return times.length - first
      }
      const ends = keys.map((key) => [key, (blocks.get(key) ?? 0) - now] as const)
      return {
        windows: Object.fromEntries(windows.map((window) => [window.key, used(window)])),
        gates: Object.fromEntries(gates.map(({ key }) => [key, taken(key, now)])),
        blocks: Object.fromEntries(ends.filter(([, ms]) => ms > 0)),
      }
    },
  }

  function refuse(claim: Claim, now: number): (Grant & { granted: false }) | undefined {
    let wait = 0
    let refusing: string | undefined
    const refuseFor = (key: string, ms: number): void => {
      if (ms > wait) [refusing, wait] = [key, ms]
    }
    for (const key of claim.blocks) refuseFor(key, (blocks.get(key) ?? 0) - now)
    for (const window of claim.windows) {
      const { times } = logOf(window, now)
      // One more fits when this claim, counted from the newest, has left the window.
      const leaves = times[times.length - window.requests]
      if (leaves !== undefined && leaves > now - window.ms) refuseFor(window.key, leaves + window.ms - now)
    }
    if (refusing !== undefined) return { granted: false, key: refusing, waitMs: wait }
    const full = claim.gates.find(({ key, places }) => taken(key, now) >= places)
    return full && { granted: false, key: full.key, waitMs: undefined }
  }
}

/** When claims were granted. What lies before `first` has left the window. */
interface Log {
  times: number[]
  first: number
  ms: number
}

/** Drops what left the window, and gives memory back when that is half of it. */
function forget(log: Log, since: number): void {
  const { times } = log
  while (log.first < times.length && (times[log.first] ?? 0) <= since) log.first += 1
  if (log.first * 2 <= times.length || log.first < 64) return
  log.times = times.slice(log.first)
  log.first = 0
}
