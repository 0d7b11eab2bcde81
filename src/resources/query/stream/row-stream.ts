import type { StreamPage } from './stream-options.ts'

/**
 * Rows as they arrive, read once: loop over it. Leaving the loop, or the block of an `await using`, ends the transfer.
 *
 * @example
 * for await (const row of posthog.hogql(query).stream({ orderBy: ['timestamp', 'uuid'] })) await save(row)
 */
export class RowStream<Row> implements AsyncIterableIterator<Row, undefined> {
  readonly #pages: AsyncGenerator<StreamPage<Row>, undefined>
  readonly #rows: AsyncGenerator<Row, undefined>

  constructor(pages: AsyncGenerator<StreamPage<Row>, undefined>) {
    this.#pages = pages
    this.#rows = rowsOf(pages)
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
}

async function* rowsOf<Row>(
  pages: AsyncGenerator<StreamPage<Row>, undefined>,
): AsyncGenerator<Row, undefined> {
  for await (const { rows } of pages) yield* rows
}
