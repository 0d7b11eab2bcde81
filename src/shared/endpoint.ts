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
