import { type ExportJob, exportJob } from '../export/export-job.ts'
import type { ExportOptions } from '../export/export-options.ts'
import type { RowSource } from './row-source.ts'
import type { StreamPage } from './stream-options.ts'

/**
 * Rows as they arrive, read once: loop over it. Leaving the loop, or the block of an `await using`, ends the transfer.
 *
 * @example
 * for await (const row of posthog.hogql(query).stream({ orderBy: ['timestamp', 'uuid'] })) await save(row)
 */
export class RowStream<Row> implements AsyncIterableIterator<Row, undefined> {
  readonly #source: RowSource<Row>
  readonly #pages: AsyncGenerator<StreamPage<Row>, undefined>
  readonly #rows: AsyncGenerator<Row, undefined>

  constructor(source: RowSource<Row>) {
    this.#source = source
    this.#pages = source.pages({})
    this.#rows = rowsOf(this.#pages)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The next row. */
  next(): Promise<IteratorResult<Row, undefined>> {
    return this.#rows.next()
  }

  /** Ends the transfer. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    await this.#rows.return(undefined)
    await this.#pages.return(undefined)
    return { done: true, value: undefined }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  /**
   * The rows in the pieces in which they arrived. `next` of a page is where to go on later, as the option `after`, and
   * `progress` how far it is.
   */
  pages(): AsyncGenerator<StreamPage<Row>, undefined> {
    return this.#pages
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
}

async function* rowsOf<Row>(
  pages: AsyncGenerator<StreamPage<Row>, undefined>,
): AsyncGenerator<Row, undefined> {
  for await (const { rows } of pages) yield* rows
}
