import type { Platform } from '../platform.ts'
import { type LimitDecision, type LimitRequest, type LimitStore, memoryStore } from './store.ts'

/** Milliseconds until the first probe of a failed store. Each further probe doubles it. */
const firstBreak = 5_000
/** Longest time between two probes, in milliseconds. */
const maxBreak = 60_000
/** Prefix of leases that the local store granted. */
const localLease = 'typehog-local:'

/** Options of a guarded store. */
export interface GuardedStoreOptions {
  readonly platform: Pick<Platform, 'monotonic' | 'timer'>
  /** Timeout of one store operation, in milliseconds. */
  readonly timeout: number
  /** Called once, with the reason, when the store stops working. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Wraps a store with a timeout and a fallback. After a failure or a timeout Typehog counts in this process and probes
 * the store in the background until it responds again.
 */
export function guardStore(
  store: LimitStore,
  { platform, timeout, onFailure }: GuardedStoreOptions,
): LimitStore {
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
        reject(new Error(`The store did not respond within ${timeout} ms.`))
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
  /** Probes the store in the background, once per break. */
  const probe = (request: LimitRequest): void => {
    const now = platform.monotonic()
    if (now < probeAt) return
    breakMs = Math.min(maxBreak, breakMs * 2)
    probeAt = now + breakMs
    withinTimeout(invoke(() => store.usage(request))).then(
      () => {
        broken = false
      },
      () => {},
    )
  }
  const takeLocal = async (request: LimitRequest): Promise<LimitDecision> => {
    const grant = await local.take(request)
    return grant.granted ? { granted: true, lease: localLease + grant.lease } : grant
  }
  /** Returns a grant that arrived after the timeout. */
  const discard = (request: LimitRequest, grant: LimitDecision): void => {
    if (!isDecision(grant) || !grant.granted) return
    for (const undone of [
      invoke(() => store.release(request, grant.lease)),
      invoke(() => store.undo(request, grant.lease)),
    ]) {
      undone.catch(() => {})
    }
  }
  /** Runs an operation on the store that granted the lease, even while that store is failing. */
  const runOnOwner = async (
    step: 'release' | 'undo',
    request: LimitRequest,
    lease: string,
  ): Promise<void> => {
    if (lease.startsWith(localLease)) return local[step](request, lease.slice(localLease.length))
    const done = withinTimeout(invoke(() => store[step](request, lease))).catch(fail)
    if (!broken) await done
  }

  return {
    take(request) {
      if (broken) {
        probe(request)
        return takeLocal(request)
      }
      try {
        const grant = store.take(request)
        if (isDecision(grant)) return grant
        return withinTimeout(Promise.resolve(grant), (late) => discard(request, late))
          .then(assertDecision)
          .catch((error: unknown) => {
            fail(error)
            return takeLocal(request)
          })
      } catch (error) {
        fail(error)
        return takeLocal(request)
      }
    },
    release: (request, lease) => runOnOwner('release', request, lease),
    undo: (request, lease) => runOnOwner('undo', request, lease),
    async block(key, ms) {
      // The local store needs the block too, in case the shared one fails before it expires.
      await local.block(key, ms)
      if (!broken) await withinTimeout(invoke(() => store.block(key, ms))).catch(fail)
    },
    async usage(request) {
      if (broken) return local.usage(request)
      return withinTimeout(invoke(() => store.usage(request))).catch((error: unknown) => {
        fail(error)
        return local.usage(request)
      })
    },
  }
}

/** Calls a store operation. A synchronous throw becomes a rejection. */
async function invoke<T>(step: () => T | Promise<T>): Promise<T> {
  return step()
}

function isDecision(value: unknown): value is LimitDecision {
  return typeof value === 'object' && value !== null && 'granted' in value
}

function assertDecision(value: unknown): LimitDecision {
  if (isDecision(value)) return value
  throw new TypeError(`Expected \`take\` of the limit store to resolve with a decision, got ${typeof value}.`)
}
