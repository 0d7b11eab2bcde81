/** Numbers of a retry budget. One retry costs 1. */
export interface BudgetPolicy {
  /** Retries that may be spent at once. */
  readonly capacity: number
  /** Part of a retry that each success earns. */
  readonly perSuccess: number
  /** Part of a retry that each second earns, so that a quiet client recovers. */
  readonly perSecond: number
}

/** Keeps all calls of a client together from hammering a server that is down. */
export interface RetryBudget {
  /** Takes one retry; false when none is left. */
  take(): boolean
  succeeded(): void
}

/** A token bucket over a clock that counts milliseconds. */
export function createBudget(policy: BudgetPolicy, monotonic: () => number): RetryBudget {
  let tokens = policy.capacity
  let last = monotonic()
  const earn = (amount: number): void => {
    tokens = Math.min(policy.capacity, tokens + amount)
  }
  return {
    take() {
      const now = monotonic()
      earn(((now - last) / 1000) * policy.perSecond)
      last = now
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
    succeeded: () => earn(policy.perSuccess),
  }
}
