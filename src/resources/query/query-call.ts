import { pointAt } from '../../runtime/errors/point-at.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import type { StandardSchema } from '../../runtime/transport/validate.ts'
import type { Requester } from '../requester.ts'
import type { HogQLOptions } from './query-options.ts'
import type { QueryResult } from './query-result.ts'
import { runHogQL } from './run-hogql.ts'
import type { ColumnShape, RowOfColumns } from './shape/row-of-columns.ts'
import type { RowShape } from './shape/row-shape.ts'
import { shapeRows } from './shape/shape-rows.ts'
import { queryRows } from './stream/query-rows.ts'
import { RowStream } from './stream/row-stream.ts'
import type { StreamOptions } from './stream/stream-options.ts'
import { truncated } from './truncated.ts'

/** What `rows` accepts. */
export interface RowsOptions {
  /** Gives the rows that came, also when there may be more. Default: `false`. */
  readonly allowPartial?: boolean
}

/** A query that runs when it is awaited, once. */
export class QueryCall<Row> implements PromiseLike<QueryResult<Row>> {
  readonly #requester: Requester
  readonly #query: () => HogQL<unknown> | Promise<HogQL<unknown>>
  readonly #options: HogQLOptions
  readonly #shape: RowShape | undefined
  /** Taken where the query was made; errors show its frames. */
  readonly #trace: Error
  #result: Promise<QueryResult<Row>> | undefined

  constructor(
    requester: Requester,
    query: () => HogQL<unknown> | Promise<HogQL<unknown>>,
    options: HogQLOptions = {},
    shape?: RowShape,
  ) {
    this.#requester = requester
    this.#query = query
    this.#options = options
    this.#shape = shape
    this.#trace = new Error()
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is the point of the class
  then<A = QueryResult<Row>, B = never>(
    onfulfilled?: ((value: QueryResult<Row>) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#result ??= this.#run().catch((error: unknown) => {
      throw pointAt(error, this.#trace)
    })
    return this.#result.then(onfulfilled, onrejected)
  }

  /** The same query under a name in PostHog's query log. */
  named(name: string): QueryCall<Row> {
    return this.with({ name })
  }

  /** The same query with other options. */
  with(options: HogQLOptions): QueryCall<Row> {
    return this.#copy(options, this.#shape)
  }

  /**
   * The same query, whose rows are what a schema of zod or any library that follows Standard Schema makes of each.
   *
   * @throws ResponseValidationError for a row that does not fit, when the rows come
   * @example
   * const Row = z.object({ path: z.string(), views: z.number() })
   * const { rows } = await posthog.hogql`select properties.$pathname as path, count() as views from events group by path`.as(Row)
   */
  as<Output>(schema: StandardSchema<Output>): QueryCall<Output>
  /**
   * The same query, whose rows have columns of these types of ClickHouse; `dates` and `int64` say what becomes of theirs.
   *
   * @throws ResponseValidationError for a column that is missing or of another type, when the rows come
   * @example
   * const query = posthog.hogql`select event, count() as views from events group by event`
   * const { rows } = await query.as({ event: 'String', views: 'UInt64' }, { int64: 'bigint' }) // views is a bigint
   */
  as<const Columns extends ColumnShape, const Options extends CellOptions = Record<never, never>>(
    columns: Columns,
    options?: Options,
  ): QueryCall<RowOfColumns<Columns, Options>>
  as(shape: RowShape, options: CellOptions = {}): QueryCall<unknown> {
    return this.#copy(options, shape)
  }

  /** The first row; undefined when there is none. */
  async one(): Promise<Row | undefined> {
    const { rows } = await this
    return rows[0]
  }

  /**
   * All rows.
   *
   * @throws TruncatedResultError when there may be more, which has those that came, unless `allowPartial` is set
   */
  async rows({ allowPartial = false }: RowsOptions = {}): Promise<Row[]> {
    const { rows, complete } = await this
    if (complete === true || allowPartial) return rows
    throw truncated(rows.length, rows, complete)
  }

  /**
   * The rows as they arrive, in constant memory. With `orderBy` all rows, however many: page by page, each from where
   * the last one ended, never by OFFSET; the query itself has no LIMIT then, and what is inserted meanwhile comes when
   * it is ordered behind what was read. Without it the rows of one answer, and an error at the end if there may be more.
   *
   * @throws ConfigurationError for options that would lose rows, and for too many rows with one key;
   * TruncatedResultError when rows are missing, or may be
   * @example
   * const query = hogql<{ uuid: string; timestamp: string }>`select uuid, timestamp from events where timestamp > ${since}`
   * for await (const row of posthog.hogql(query).stream({ orderBy: ['timestamp', 'uuid'] })) await save(row)
   */
  stream(options: StreamOptions = {}): RowStream<Row> {
    return new RowStream(queryRows(this.#requester, this.#query, this.#options, options, this.#shape))
  }

  async #run(): Promise<QueryResult<Row>> {
    const result = await runHogQL<Row>(this.#requester, await this.#query(), this.#options)
    if (this.#shape === undefined) return result
    const { rows, columns: names, types } = result
    // What the shape says of the rows was looked at.
    return { ...result, rows: (await shapeRows(this.#shape, rows, { names, types })) as Row[] }
  }

  #copy<Shaped>(options: HogQLOptions, shape: RowShape | undefined): QueryCall<Shaped> {
    return new QueryCall<Shaped>(this.#requester, this.#query, { ...this.#options, ...options }, shape)
  }
}
