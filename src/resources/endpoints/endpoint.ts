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
