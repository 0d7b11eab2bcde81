import { alreadyRead, readOnce } from '../../../runtime/transport/read-once.ts'
import type { ExportJob, ExportOptions } from '../export/export-options.ts'
import { exportJob } from '../export/export-to-file.ts'
import type { RowSource, StreamPage } from './stream-options.ts'

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
