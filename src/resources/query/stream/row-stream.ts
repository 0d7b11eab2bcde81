import { alreadyRead, readOnce } from '../../../runtime/transport/read-once.ts'
import type { Requester } from '../../requester.ts'
import { type ExportJob, type ExportOptions, exportJob } from '../export/export-job.ts'
import type { StreamWindow } from './stream-windows.ts'

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

/**
 * Rows as they arrive, read once: loop over it. Leaving the loop, or the block of an `await using`, ends the transfer.
 *
 * @example
 * for await (const row of posthog.hogql(query).stream({ orderBy: ['timestamp', 'uuid'] })) await save(row)
 */
export class RowStream<Row> implements AsyncIterableIterator<Row> {
  readonly #source: RowSource<Row>
  readonly #pages: AsyncGenerator<StreamPage<Row>, undefined>
  #page: readonly Row[] = []
  #at = 0
  #over = false
  /** What the rows are read by, once they are. */
  #readBy: 'next' | 'loop' | 'pages' | undefined
  /** Calls for rows of pages that are still to come, one after the other. */
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(source: RowSource<Row>) {
    this.#source = source
    this.#pages = source.pages({})
  }

  /**
   * The rows, once.
   *
   * @throws ConfigurationError when they were read already
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Row> {
    if (this.#over || this.#readBy === 'loop' || this.#readBy === 'pages')
      throw alreadyRead('A stream of rows')
    this.#readBy = 'loop'
    return {
      next: () => this.#next(),
      return: () => this.return(),
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  /**
   * The next row.
   *
   * @throws ConfigurationError when the stream is read by its pages
   */
  async next(): Promise<IteratorResult<Row, undefined>> {
    if (this.#readBy === 'pages') throw alreadyRead('A stream of rows')
    this.#readBy ??= 'next'
    return this.#next()
  }

  #next(): Promise<IteratorResult<Row, undefined>> {
    if (this.#waiting === 0 && this.#at < this.#page.length) {
      return Promise.resolve({ done: false, value: this.#page[this.#at++] as Row })
    }
    this.#waiting += 1
    const row = this.#last.then(() => this.#turn()).finally(() => (this.#waiting -= 1))
    this.#last = row.catch(() => {})
    return row
  }

  /** Ends the transfer. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#page = []
    this.#over = true
    await this.#pages.return(undefined)
    return { done: true, value: undefined }
  }

  /** Ends the transfer, at the end of the block of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  /**
   * The rows in the pieces in which they arrived. `next` of a page is where to go on later, as the option `after`, and
   * `progress` how far it is.
   *
   * @throws ConfigurationError when the stream was read already
   */
  pages(): AsyncGenerator<StreamPage<Row>, undefined> {
    if (this.#over || this.#readBy !== undefined) throw alreadyRead('A stream of rows')
    this.#readBy = 'pages'
    return readOnce(this.#pages, 'A stream of pages')
  }

  /**
   * Writes the rows to a file, which is there when all of them are. An export that was interrupted, killed even, goes on
   * where it was when the same one is started again, if the rows are ordered. Await it for the result, or loop over it
   * to see how far it is.
   *
   * @throws ConfigurationError for a file that is there already, a checkpoint of another export, and a runtime without
   * files; what the stream throws
   * @example
   * const { rows } = await posthog.export(query, { orderBy: ['timestamp', 'uuid'] }).toFile('events.ndjson')
   */
  toFile(path: string, options: ExportOptions = {}): ExportJob {
    return exportJob(this.#source, path, options)
  }

  async #turn(): Promise<IteratorResult<Row, undefined>> {
    while (this.#at >= this.#page.length) {
      const { done, value } = await this.#pages.next()
      if (done === true) {
        this.#over = true
        return { done, value }
      }
      this.#page = value.rows
      this.#at = 0
    }
    return { done: false, value: this.#page[this.#at++] as Row }
  }
}
