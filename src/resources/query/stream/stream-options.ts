import type { Requester } from '../../requester.ts'

/** A time range that is read in windows. */
export interface StreamWindow {
  /** Time column of the query. It must be the first of `orderBy`. */
  readonly column: string
  /** Start, inclusive: a Date, or an ISO 8601 string with a time zone. */
  readonly from: Date | string
  /** End, exclusive. */
  readonly to: Date | string
  /** Milliseconds of the first window. Default: one day, or the whole range if it is shorter. */
  readonly size?: number | undefined
}

/** Options of a stream. */
export interface StreamOptions {
  /**
   * Ordering columns of the query, such as `['timestamp', 'uuid']`: strings, integers or times. Typehog then reads all
   * rows in pages (keyset pagination). Several rows may have equal values, but fewer than fit on a page. Null sorts
   * last; a page that ends with null is an error. Default: none; the stream has the rows of one response.
   */
  readonly orderBy?: readonly string[] | undefined
  /** Rows per request, from 2. Default: 50,000, PostHog's maximum. Requires `orderBy`. */
  readonly pageSize?: number | undefined
  /** Cursor to resume from: `next` of a page. Requires `orderBy`. */
  readonly after?: string | undefined
  /**
   * Reads a time range in windows. A window that times out is halved; after a fast one the next doubles. Requires
   * `orderBy` with the time column first.
   */
  readonly window?: StreamWindow | undefined
  /**
   * Number of time windows that PostHog reads at once. Rows keep their order. PostHog runs three queries of a project at
   * once, so more than three wait. Default: 1. More than 1 requires `window`.
   */
  readonly concurrency?: number | undefined
  /**
   * Counts the rows before and after reading, and throws if the number of rows read is not between the two counts.
   * Default: `false`. Requires `orderBy`.
   */
  readonly verifyCount?: boolean | undefined
}

/** A page of rows. */
export interface StreamPage<Row> {
  /** Empty if a time window has no rows. */
  readonly rows: Row[]
  /** Column names, as in the rows. */
  readonly columns: readonly string[]
  /** ClickHouse type of each column, if PostHog reports it. */
  readonly types: readonly (string | undefined)[]
  /** Cursor for the option `after`. Undefined at the end, and without `orderBy`. */
  readonly next: string | undefined
  /** Progress from 0 to 1. Known only with `window` or `verifyCount`. */
  readonly progress: number | undefined
}

/** The source of a stream's rows. */
export interface RowSource<Row> {
  /**
   * Reads pages from the start or from a cursor. `raw` overrides the cell options: dates stay strings, and integers are
   * numbers, or bigints if they are not safe integers.
   */
  pages(options: SourceOptions): AsyncGenerator<StreamPage<Row>, undefined>
  /** The client that sends the requests. */
  readonly requester: Requester
  /** The query and its options as JSON values. They identify an export. */
  identity(): Promise<{ readonly query: unknown; readonly options: object }>
  /** Whether pages have a cursor. */
  readonly resumable: boolean
}

/** Options of `RowSource.pages`. */
export interface SourceOptions {
  readonly after?: string
  readonly raw?: boolean
}
