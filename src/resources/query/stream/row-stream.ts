import { alreadyReadError, readOnce } from '../../../runtime/transport/read-once.ts'
import { exportJob } from '../export/export-job.ts'
import type { ExportJob, ExportOptions } from '../export/export-options.ts'
import type { RowSource, StreamPage } from './stream-options.ts'
import { type RowResponseOptions, toResponse } from './to-response.ts'

/**
 * A stream of rows. You can iterate once. Leaving the loop, or the block of an `await using`, ends the transfer.
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
  /** How the rows are read; undefined before the first read. */
  #readBy: 'next' | 'loop' | 'pages' | undefined
  /** Number of pending `next` calls, which run one after another. */
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(source: RowSource<Row>) {
    this.#source = source
    this.#pages = source.pages({})
  }

  /**
   * Iterates over the rows.
   *
   * @throws ConfigurationError if the stream has been read
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Row> {
    if (this.#over || this.#readBy === 'loop' || this.#readBy === 'pages')
      throw alreadyReadError('A stream of rows')
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
   * Returns the next row.
   *
   * @throws ConfigurationError if the stream is read with `pages`
   */
  async next(): Promise<IteratorResult<Row, undefined>> {
    if (this.#readBy === 'pages') throw alreadyReadError('A stream of rows')
    this.#readBy ??= 'next'
    return this.#next()
  }

  #next(): Promise<IteratorResult<Row, undefined>> {
    if (this.#waiting === 0 && this.#at < this.#page.length) {
      return Promise.resolve({ done: false, value: this.#page[this.#at++] as Row })
    }
    this.#waiting += 1
    const row = this.#last.then(() => this.#readRow()).finally(() => (this.#waiting -= 1))
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
   * Iterates over pages of rows. Pass `next` of a page as the option `after` to resume from there.
   *
   * @throws ConfigurationError if the stream has been read
   */
  pages(): AsyncGenerator<StreamPage<Row>, undefined> {
    if (this.#over || this.#readBy !== undefined) throw alreadyReadError('A stream of rows')
    this.#readBy = 'pages'
    return readOnce(this.#pages, 'A stream of pages')
  }

  /**
   * Writes the rows to a file, which appears when it is complete. The extension selects the format: `.ndjson`, `.csv`,
   * `.parquet` or `.arrow`, and `.gz` after the first two. With `orderBy`, an interrupted or killed export resumes where
   * it stopped when you start it again. Await the job for the result, or iterate over its progress.
   *
   * @throws ConfigurationError for an existing file, a checkpoint of another export, a format whose package is missing,
   * and a runtime without a file system; errors of the stream
   * @example
   * const { rows } = await posthog.export(query, { orderBy: ['timestamp', 'uuid'] }).toFile('events.ndjson')
   */
  toFile(path: string, options: ExportOptions = {}): ExportJob {
    return exportJob(this.#source, path, options)
  }

  /**
   * Returns a `Response` whose body has the rows, for a route of your own. It reads from PostHog only as fast as the
   * client takes the rows, and ends the transfer when the client leaves.
   *
   * @throws ConfigurationError for a stream that was read, and for invalid options. Errors of the stream break the body
   * off
   * @example const response = posthog.hogql(query).stream({ orderBy: ['timestamp', 'uuid'] }).toResponse({ format: 'csv' })
   */
  toResponse(options: RowResponseOptions = {}): Response {
    return toResponse(this.pages(), options)
  }

  async #readRow(): Promise<IteratorResult<Row, undefined>> {
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
