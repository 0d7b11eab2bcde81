/** A limit of requests in a moving span of time. */
export interface WindowLimit {
  readonly requests: number
  readonly seconds: number
}

/** Counts accepted requests over a moving span, per key. A refused request is not counted. */
export interface SlidingWindow {
  /** Counts one request and returns 0, or returns the seconds until one would be accepted. */
  take(key: string, nowMs: number): number
}

/** A window that remembers the times of accepted requests and forgets those older than its span. */
export function slidingWindow(limit: WindowLimit): SlidingWindow {
  const taken = new Map<string, number[]>()
  return {
    take(key, nowMs) {
      const since = nowMs - limit.seconds * 1_000
      const times = (taken.get(key) ?? []).filter((time) => time > since)
      taken.set(key, times)
      const oldest = times.at(-limit.requests)
      if (times.length >= limit.requests && oldest !== undefined) return (oldest - since) / 1_000
      times.push(nowMs)
      return 0
    },
  }
}
