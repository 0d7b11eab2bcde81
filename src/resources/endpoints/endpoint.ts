import type { ListItem } from '../requester.ts'

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

/** One column of an endpoint's rows, as stored with the endpoint's version. */
export interface EndpointColumn {
  readonly name: string
  readonly type: EndpointColumnType | (string & {})
}

/**
 * A team's own endpoint at one version, as `typehog endpoints pull` writes it.
 *
 * `Variables` and `Row` exist for the compiler only: nothing at run time carries them. A descriptor is plain
 * data, so it may be logged, stored or built by hand.
 */
export interface Endpoint<Variables = Record<string, unknown>, Row = Record<string, unknown>> {
  /** Name in the URL: a letter, then letters, digits, `_` or `-`; at most 128 characters. */
  readonly name: string
  /** The version that every run asks for. Left out: the newest one. */
  readonly version?: number
  /** Kind of the saved query, such as `HogQLQuery` or `TrendsQuery`. */
  readonly kind: string
  /** Whether this version was materialised when it was pulled. */
  readonly materialized: boolean
  /** Columns of a HogQL endpoint's rows; empty for insight kinds. */
  readonly columns: readonly EndpointColumn[]
  /** Phantom: carries the types of the variables and rows. Never set. */
  readonly '~types'?: { readonly variables: Variables; readonly row: Row }
}

/** An endpoint as PostHog's API describes it. */
export type EndpointObject = ListItem<'GET /api/projects/{project_id}/endpoints/'>

/** Filters of the list of endpoints. */
export interface ListEndpoints {
  /** Only active, or only inactive ones. Default: both. */
  readonly isActive?: boolean | undefined
  /** Endpoints per request. Default: PostHog's 100. */
  readonly pageSize?: number | undefined
}

/** Which version to read. */
export interface AtVersion {
  /** Default: the current one. */
  readonly version?: number | undefined
}

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
