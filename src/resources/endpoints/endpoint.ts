/** Column types that PostHog reports for the rows of a HogQL endpoint. */
export type EndpointColumnType =
  | 'integer'
  | 'float'
  | 'string'
  | 'datetime'
  | 'date'
  | 'boolean'
  | 'array'
  | 'json'
  | 'unknown'

/** A column of an endpoint's rows, as stored with the endpoint version. */
export interface EndpointColumn {
  readonly name: string
  readonly type: EndpointColumnType | (string & {})
}

/**
 * A descriptor of an endpoint at one version, as `typehog endpoints pull` writes it.
 *
 * `Variables` and `Row` exist at compile time only. A descriptor is plain data: you can log, store or build it by
 * hand.
 */
export interface Endpoint<Variables = Record<string, unknown>, Row = Record<string, unknown>> {
  /** Name in the URL: a letter, then letters, digits, `_` or `-`. Up to 128 characters. */
  readonly name: string
  /** The version to run. Default: the latest. */
  readonly version?: number
  /** Kind of the saved query, such as `HogQLQuery` or `TrendsQuery`. */
  readonly kind: string
  /** Whether this version was materialized when it was pulled. */
  readonly materialized: boolean
  /** Columns of a HogQL endpoint's rows; empty for insight kinds. */
  readonly columns: readonly EndpointColumn[]
  /** Phantom: carries the types of the variables and rows. Never set. */
  readonly '~types'?: { readonly variables: Variables; readonly row: Row }
}

/** A series of a trend. PostHog may add keys. */
export interface TrendsRow {
  readonly action?: unknown
  readonly label: string
  /** Sum of the series. */
  readonly count: number
  /** One value per entry of `days`. */
  readonly data: readonly number[]
  /** The days as PostHog's app displays them. */
  readonly labels: readonly string[]
  /** The days, ISO 8601. */
  readonly days: readonly string[]
  /** Set with a breakdown; an array if there are several. */
  readonly breakdown_value?: string | number | null | readonly (string | number | null)[]
  /** Set if the trend compares two periods. */
  readonly compare_label?: string
  /** Set for total values. */
  readonly aggregated_value?: number
}

/** A series of a lifecycle chart: users of one status. */
export interface LifecycleRow extends TrendsRow {
  readonly status: 'new' | 'returning' | 'resurrecting' | 'dormant' | (string & {})
}

/** A series of a stickiness chart. */
export interface StickinessRow extends TrendsRow {}

/** A cohort of a retention table. */
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

/** An edge of a path. */
export interface PathsRow {
  readonly source: string
  readonly target: string
  readonly value: number
  /** Average time between the two steps, as PostHog reports it. */
  readonly average_conversion_time: number
}
