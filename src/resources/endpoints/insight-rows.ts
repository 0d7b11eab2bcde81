/** One series of a trend. Keys are PostHog's own; more may come. */
export interface TrendsRow {
  readonly action?: unknown
  readonly label: string
  /** Sum over the series. */
  readonly count: number
  /** One number for each of `days`. */
  readonly data: readonly number[]
  /** The days as the app writes them. */
  readonly labels: readonly string[]
  /** The days, ISO 8601. */
  readonly days: readonly string[]
  /** Set with a breakdown; a list when there are several. */
  readonly breakdown_value?: string | number | null | readonly (string | number | null)[]
  /** Set when two periods are compared. */
  readonly compare_label?: string
  /** Set for totals. */
  readonly aggregated_value?: number
}

/** One series of a lifecycle: users of one status. */
export interface LifecycleRow extends TrendsRow {
  readonly status: 'new' | 'returning' | 'resurrecting' | 'dormant' | (string & {})
}

/** One series of a stickiness chart. */
export interface StickinessRow extends TrendsRow {}

/** One cohort of a retention table. */
export interface RetentionRow {
  readonly date: string
  readonly label?: string
  readonly values: readonly {
    readonly count: number
    readonly label?: string
    readonly aggregation_value?: number | null
  }[]
  readonly breakdown_value?: string | number | null
}

/** One edge of a path. */
export interface PathsRow {
  readonly source: string
  readonly target: string
  readonly value: number
  /** Average time between the two steps, in PostHog's unit. */
  readonly average_conversion_time: number
}
