/** How a query is paged. */
export interface StreamOptions {
  /**
   * Columns of the query that order its rows, such as `['timestamp', 'uuid']`: texts, whole numbers or times. Rows may be
   * equal in them, as long as fewer are than fit on a page. Null is ordered last; a page that ends with one is an error.
   */
  readonly orderBy: readonly string[]
  /** Rows of one request, from 2. Default: 50,000, as many as PostHog gives. */
  readonly pageSize?: number
  /** Goes on from here: `next` of a page. */
  readonly after?: string
}

/** Some of the rows. */
export interface StreamPage<Row> {
  readonly rows: readonly Row[]
  /** Where to go on later, as the option `after`; undefined on the last page. */
  readonly next: string | undefined
}
