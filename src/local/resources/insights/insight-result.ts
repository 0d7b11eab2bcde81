/** The cached result of a saved insight. */
export interface InsightResult {
  readonly result: unknown
  readonly columns: readonly string[] | null
  readonly types: unknown
  readonly hasMore: boolean | null
  readonly hogql: string | null
  /** ISO time of the computation. */
  readonly last_refresh: string
}

/** How long a result is fresh, in milliseconds: PostHog's shortest refresh interval. */
const FRESH_MS = 15 * 60 * 1_000

/** The time until which a result is fresh. */
export function freshUntil({ last_refresh }: InsightResult): Date {
  return new Date(new Date(last_refresh).getTime() + FRESH_MS)
}
