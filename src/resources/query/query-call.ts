import { withCallerStack } from '../../runtime/errors/posthog-error.ts'
import { redactorOf } from '../../runtime/observe/redact.ts'
import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import type { StandardSchema } from '../../runtime/transport/validate.ts'
import type { Requester } from '../requester.ts'
import { checkDraft, type HogQLOptions, type QueryDraft } from './query-options.ts'
import { isSilentTruncation, type QueryResult, rowCountError, truncatedResultError } from './query-result.ts'
import {
  type ColumnShape,
  type MergedCells,
  type RowOfColumns,
  type RowShape,
  shapeRows,
} from './row-schema.ts'
import { runHogQL } from './run-hogql.ts'
import { queryRows } from './stream/query-rows.ts'
import { RowStream } from './stream/row-stream.ts'
import type { StreamOptions } from './stream/stream-options.ts'

/**
 * A lazy query: it runs once, when you await it or read its rows. `Cells` and `Columns` are the types of its options and
 * of the columns passed to `as`.
 */
export class QueryCall<
  Row,
  Cells extends CellOptions = Record<never, never>,
  Columns extends ColumnShape | undefined = undefined,
> implements Promise<QueryResult<Row>>
{
  readonly [Symbol.toStringTag] = 'QueryCall' as const
  readonly #requester: Requester
  readonly #draft: QueryDraft
  /** Stack trace of the caller, added to errors. */
  readonly #trace: Error
  #result: Promise<QueryResult<Row>> | undefined

  constructor(requester: Requester, draft: QueryDraft) {
    this.#requester = requester
    this.#draft = draft
    this.#trace = new Error()
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is the point of the class
  then<A = QueryResult<Row>, B = never>(
    onfulfilled?: ((value: QueryResult<Row>) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#run().then(onfulfilled, onrejected)
  }

  catch<B = never>(
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<QueryResult<Row> | B> {
    return this.#run().catch(onrejected)
  }

  finally(onfinally?: (() => void) | null): Promise<QueryResult<Row>> {
    return this.#run().finally(onfinally)
  }

  /** Returns the query with a name for PostHog's query log, of up to 128 characters. */
  named(name: string): QueryCall<Row, Cells, Columns> {
    return this.#copy({ name })
  }

  /**
   * Returns the query with other options. Undefined options are ignored.
   *
   * @example const { rows } = await posthog.hogql`select count() as n from events`.with({ int64: 'bigint' })
   */
  with<const Changes extends HogQLOptions>(
    options: Exactly<Changes, HogQLOptions>,
  ): QueryCall<ShapedRow<Row, Columns, MergedCells<Cells, Changes>>, MergedCells<Cells, Changes>, Columns> {
    return this.#copy(options)
  }

  /**
   * Returns the query with a schema for its rows, of zod or any other Standard Schema library.
   *
   * @throws ResponseValidationError for an invalid row, when the response arrives
   * @example
   * const Row = z.object({ path: z.string(), views: z.number() })
   * const { rows } = await posthog.hogql`select properties.$pathname as path, count() as views from events group by path`.as(Row)
   */
  as<Output>(schema: StandardSchema<Output>): QueryCall<Output, Cells>
  /**
   * Returns the query with ClickHouse column types, which type its rows. The options `dates` and `int64` decide how
   * dates and wide integers are decoded.
   *
   * @throws ResponseValidationError for a missing column or a different type, when the response arrives
   * @example
   * const query = posthog.hogql`select event, count() as views from events group by event`
   * const { rows } = await query.as({ event: 'String', views: 'UInt64' }, { int64: 'bigint' }) // views is a bigint
   */
  as<const Shape extends ColumnShape>(columns: Shape): QueryCall<RowOfColumns<Shape, Cells>, Cells, Shape>
  as<const Shape extends ColumnShape, const Changes extends CellOptions>(
    columns: Shape,
    options: Exactly<Changes, CellOptions> | undefined,
  ): QueryCall<RowOfColumns<Shape, MergedCells<Cells, Changes>>, MergedCells<Cells, Changes>, Shape>
  as(given: RowShape, options?: CellOptions): QueryCall<unknown> {
    return this.#copy(options, { given })
  }

  /** Returns the first row; undefined if there is none. `maybeOne` and `oneOrThrow` also check the number of rows. */
  async one(): Promise<Row | undefined> {
    const { rows } = await this
    return rows[0]
  }

  /**
   * Returns the only row; undefined if there is none.
   *
   * @throws RowCountError for more than one row
   * @example const user = await posthog.hogql<{ name: string }>`select properties.name as name from persons where id = ${id}`.maybeOne()
   */
  async maybeOne(): Promise<Row | undefined> {
    const { rows } = await this
    if (rows.length > 1) throw rowCountError('at most one row', rows)
    return rows[0]
  }

  /**
   * Returns the only row.
   *
   * @throws RowCountError for no row, or more than one
   * @example const { n } = await posthog.hogql<{ n: number }>`select count() as n from events`.oneOrThrow()
   */
  async oneOrThrow(): Promise<Row> {
    const { rows } = await this
    const [row] = rows
    if (row === undefined || rows.length > 1) throw rowCountError('exactly one row', rows)
    return row
  }

  /**
   * Returns all rows. An explicit LIMIT is no error; `complete` of the result reports whether it was reached.
   *
   * @throws TruncatedResultError if PostHog may have truncated the result: at 100 rows without LIMIT, or at 50,000. It
   * contains the returned rows
   */
  async rows(): Promise<Row[]> {
    const { rows, complete } = await this
    if (isSilentTruncation(complete)) throw truncatedResultError(rows.length, rows, complete)
    return rows
  }

  /**
   * Streams rows in constant memory.
   *
   * With `orderBy` it reads all rows by keyset pagination, without OFFSET. The query must not have a LIMIT. It includes
   * rows that are inserted meanwhile if their keys follow the last one read.
   *
   * Without `orderBy` it reads one response, and throws at the end if PostHog may have truncated it. An explicit LIMIT
   * is no error.
   *
   * @throws ConfigurationError for options that would lose rows, and for too many rows with the same key;
   * TruncatedResultError if rows are or may be missing
   * @example
   * const query = hogql<{ uuid: string; timestamp: string }>`select uuid, timestamp from events where timestamp > ${since}`
   * for await (const row of posthog.hogql(query).stream({ orderBy: ['timestamp', 'uuid'] })) await save(row)
   */
  stream(options: StreamOptions = {}): RowStream<Row> {
    return new RowStream(queryRows(this.#requester, () => checkDraft(this.#draft), options))
  }

  #run(): Promise<QueryResult<Row>> {
    this.#result ??= this.#send().catch((error: unknown) => {
      const headers = this.#draft.options.map((options) => Object(options).headers as object | undefined)
      throw withCallerStack(error, this.#trace, redactorOf([this.#requester.config], ...headers))
    })
    return this.#result
  }

  async #send(): Promise<QueryResult<Row>> {
    const { query, options, shape } = checkDraft(this.#draft)
    const result = await runHogQL<Row>(this.#requester, query, options)
    if (shape === undefined) return result
    const { rows, columns: names, types } = result
    // `shapeRows` has validated the rows.
    return { ...result, rows: (await shapeRows(shape, rows, { names, types })) as Row[] }
  }

  #copy<Shaped, Merged extends CellOptions, Shape extends ColumnShape | undefined>(
    options: unknown,
    shape: QueryDraft['shape'] = this.#draft.shape,
  ): QueryCall<Shaped, Merged, Shape> {
    const draft = { ...this.#draft, options: [...this.#draft.options, options] }
    return new QueryCall(this.#requester, shape === undefined ? draft : { ...draft, shape })
  }
}

/** Options without unknown names: an object literal with any other property does not compile. */
export type Exactly<Given, Known> = Given & Readonly<Record<Exclude<keyof Given, keyof Known>, never>>

/** The type of a row after a change of options, if its columns are known. */
export type ShapedRow<Row, Columns, Cells extends CellOptions> = Columns extends ColumnShape
  ? RowOfColumns<Columns, Cells>
  : Row
