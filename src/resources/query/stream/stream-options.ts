import type { Requester } from '../../requester.ts'

/** A span of time that is read piece by piece. */
export interface StreamWindow {
  /** Column of the query with the time; the first of `orderBy`. */
  readonly column: string
  /** From this moment on: a Date, or a text with a zone. */
  readonly from: Date | string
  /** Up to this moment, without it. */
  readonly to: Date | string
  /** Milliseconds of the first piece. Default: a day, or all of it when that is less. */
  readonly size?: number | undefined
}

/** How a query is read as a stream. */
export interface StreamOptions {
  /**
   * Columns of the query that order its rows, such as `['timestamp', 'uuid']`: texts, whole numbers or times. The rows
   * come page by page then, however many they are. Rows may be equal in them, as long as fewer are than fit on a page.
   * Null is ordered last; a page that ends with one is an error. Default: none; the rows are those of one answer.
   */
  readonly orderBy?: readonly string[] | undefined
  /** Rows of one request, from 2. Default: 50,000, as many as PostHog gives. Only with `orderBy`. */
  readonly pageSize?: number | undefined
  /** Goes on from here: `next` of a page. Only with `orderBy`. */
  readonly after?: string | undefined
  /**
   * Reads a span of time piece by piece. A piece that takes PostHog too long is halved, and one after a fast one is
   * twice as long. Only with `orderBy`, whose first column it is about.
   */
  readonly window?: StreamWindow | undefined
  /**
   * Counts the rows before and after, and throws when neither number nor one between them came. Default: `false`. Only
   * with `orderBy`.
   */
  readonly verifyCount?: boolean | undefined
}

/** Some of the rows: those that arrived together. */
export interface StreamPage<Row> {
  /** May be none, when a piece of time has none. */
  readonly rows: Row[]
  /** Keys of the rows. */
  readonly columns: readonly string[]
  /** ClickHouse type of each column, where PostHog told it. */
  readonly types: readonly (string | undefined)[]
  /** Where to go on later, as the option `after`; undefined at the end, and without `orderBy`. */
  readonly next: string | undefined
  /** How much was read so far, from 0 to 1, as far as `window` or `verifyCount` lets that be known. */
  readonly progress: number | undefined
}

/** Where the rows of a stream come from. */
export interface RowSource<Row> {
  /**
   * Reads them from the start, or from where a page ended. `asWritten` gives dates as texts and integers as numbers, or
   * bigints where a number does not hold them, whatever the options say.
   */
  pages(how: SourceOptions): AsyncGenerator<StreamPage<Row>, undefined>
  /** What is asked for them: the client. */
  readonly requester: Requester
  /** What is read, and how, as something that JSON can write. */
  identity(): Promise<{ readonly what: unknown; readonly how: object }>
  /** Whether pages tell where to go on. */
  readonly resumable: boolean
}

/** How the rows are read. */
export interface SourceOptions {
  readonly after?: string
  readonly asWritten?: boolean
}
