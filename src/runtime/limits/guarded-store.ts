import type { Platform } from '../platform.ts'
import { type Claim, type Grant, type LimitStore, memoryStore } from './store.ts'

/** Milliseconds without the store after a failure; doubles with each further one. */
const firstBreak = 5_000
/** Milliseconds of the longest break. */
const maxBreak = 60_000
/** Begins the leases of this process's own count. */
const localLease = 'typehog-local:'

/** What a guarded store needs. */
export interface StoreGuard {
  readonly platform: Pick<Platform, 'monotonic' | 'timer'>
  /** Milliseconds to wait for one answer of the store. */
  readonly timeout: number
  /** Called once when the store stops working, with the reason. */
  readonly onFailure: (error: unknown) => void
}

/**
 * A store that always answers, within `timeout`. After a failure or a timeout it counts in this process instead, and
 * asks the store behind the calls' back until it answers again.
 */
export function guardStore(store: LimitStore, { platform, timeout, onFailure }: StoreGuard): LimitStore {
  const local = memoryStore(platform.monotonic)
  let broken = false
  let breakMs = firstBreak
  let probeAt = 0

  const fail = (error: unknown): void => {
    if (broken) return
    broken = true
    breakMs = firstBreak
    probeAt = platform.monotonic() + breakMs
    onFailure(error)
  }
  const withinTimeout = <T>(pending: Promise<T>, late?: (value: T) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      let open = true
      const cancel = platform.timer(timeout, () => {
        open = false
        reject(new Error(`It did not answer within ${timeout} ms.`))
      })
      pending.then(
        (value) => {
          cancel()
          if (open) resolve(value)
          else late?.(value)
        },
        (error: unknown) => {
          cancel()
          reject(error)
        },
      )
    })
  /** Asks the store whether it works again, at most once a break, and makes no call wait. */
  const probe = (claim: Claim): void => {
    const now = platform.monotonic()
    if (now < probeAt) return
    breakMs = Math.min(maxBreak, breakMs * 2)
    probeAt = now + breakMs
    withinTimeout(attempt(() => store.usage(claim))).then(
      () => {
        broken = false
      },
      () => {},
    )
  }
  const takeLocal = async (claim: Claim): Promise<Grant> => {
    const grant = await local.take(claim)
    return grant.granted ? { granted: true, lease: localLease + grant.lease } : grant
  }
  /** Gives back what was granted too late. */
  const discard = (claim: Claim, grant: Grant): void => {
    if (!isGrant(grant) || !grant.granted) return
    for (const undone of [
      attempt(() => store.release(claim, grant.lease)),
      attempt(() => store.undo(claim, grant.lease)),
    ]) {
      undone.catch(() => {})
    }
  }
  /** Runs a step of a lease where it was granted. What the store granted is given back to it even in a break. */
  const ofLease = async (step: 'release' | 'undo', claim: Claim, lease: string): Promise<void> => {
    if (lease.startsWith(localLease)) return local[step](claim, lease.slice(localLease.length))
    const done = withinTimeout(attempt(() => store[step](claim, lease))).catch(fail)
    if (!broken) await done
  }

  return {
    take(claim) {
      if (broken) {
        probe(claim)
        return takeLocal(claim)
      }
      try {
        const grant = store.take(claim)
        if (isGrant(grant)) return grant
        return withinTimeout(Promise.resolve(grant), (late) => discard(claim, late))
          .then(checkGrant)
          .catch((error: unknown) => {
            fail(error)
            return takeLocal(claim)
          })
      } catch (error) {
        fail(error)
        return takeLocal(claim)
      }
    },
    release: (claim, lease) => ofLease('release', claim, lease),
    undo: (claim, lease) => ofLease('undo', claim, lease),
    async block(key, ms) {
      // Known here as well, in case the store fails before the block is over.
      await local.block(key, ms)
      if (!broken) await withinTimeout(attempt(() => store.block(key, ms))).catch(fail)
    },
    async usage(claim) {
      if (broken) return local.usage(claim)
      return withinTimeout(attempt(() => store.usage(claim))).catch((error: unknown) => {
        fail(error)
        return local.usage(claim)
      })
    },
  }
}

/** A step of a store as a promise, also when it throws at once. */
async function attempt<T>(step: () => T | Promise<T>): Promise<T> {
  return step()
}

function isGrant(value: unknown): value is Grant {
  return typeof value === 'object' && value !== null && 'granted' in value
}

function checkGrant(value: unknown): Grant {
  if (isGrant(value)) return value
  throw new TypeError(`\`take\` of the limit store has to resolve with a grant, got ${typeof value}.`)
}
