import { withCallerStack } from '../../runtime/errors/posthog-error.ts'
import { redactorOf } from '../../runtime/observe/redact.ts'
import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import type { StandardSchema } from '../../runtime/transport/validate.ts'
import type { Requester } from '../requester.ts'
import { checkDraft, type HogQLOptions, type QueryDraft } from './query-options.ts'
import { isSilentCut, type QueryResult, truncated } from './query-result.ts'
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
 * A query that runs once, when it is awaited or its rows are read. `Cells` and `Columns` are what its options and `as`
 * say of its cells.
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
  /** Taken where the query was made; errors show its frames. */
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

  /** The same query under a name in PostHog's query log; at most 128 characters. */
  named(name: string): QueryCall<Row, Cells, Columns> {
    return this.#copy({ name })
  }

  /**
   * The same query with other options. One that is undefined stays as it was.
   *
   * @example const { rows } = await posthog.hogql`select count() as n from events`.with({ int64: 'bigint' })
   */
  with<const Changes extends HogQLOptions>(
    options: Exactly<Changes, HogQLOptions>,
  ): QueryCall<ShapedRow<Row, Columns, MergedCells<Cells, Changes>>, MergedCells<Cells, Changes>, Columns> {
    return this.#copy(options)
  }

  /**
   * The same query, whose rows are what a schema of zod or any library that follows Standard Schema makes of each.
   *
   * @throws ResponseValidationError for a row that does not fit, when the rows come
   * @example
   * const Row = z.object({ path: z.string(), views: z.number() })
   * const { rows } = await posthog.hogql`select properties.$pathname as path, count() as views from events group by path`.as(Row)
   */
  as<Output>(schema: StandardSchema<Output>): QueryCall<Output, Cells>
  /**
   * The same query, whose rows have columns of these types of ClickHouse. `dates` and `int64`, given here or elsewhere,
   * say what becomes of theirs.
   *
   * @throws ResponseValidationError for a column that is missing or of another type, when the rows come
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

  /** The first row; undefined when there is none. */
  async one(): Promise<Row | undefined> {
    const { rows } = await this
    return rows[0]
  }

  /**
   * All rows. A LIMIT that the query has itself is what you asked for; `complete` of the result tells whether it was
   * reached.
   *
   * @throws TruncatedResultError when PostHog may have cut off others: at 100 rows without LIMIT, or at 50,000. It has
   * the rows that came
   */
  async rows(): Promise<Row[]> {
    const { rows, complete } = await this
    if (isSilentCut(complete)) throw truncated(rows.length, rows, complete)
    return rows
  }

  /**
   * The rows as they arrive, in constant memory. With `orderBy` all rows, however many: page by page, each from where
   * the last one ended, never by OFFSET; the query itself has no LIMIT then, and what is inserted meanwhile comes when
   * it is ordered behind what was read. Without it the rows of one answer, and an error at the end if PostHog may have
   * cut off some; a LIMIT of the query itself is no error.
   *
   * @throws ConfigurationError for options that would lose rows, and for too many rows with one key;
   * TruncatedResultError when rows are missing, or may be
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
    // What the shape says of the rows was looked at.
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

/** Options of which none is unknown: a literal with another name does not compile. */
export type Exactly<Given, Known> = Given & Readonly<Record<Exclude<keyof Given, keyof Known>, never>>

/** A row under other options: what its columns make of them, if they are known. */
export type ShapedRow<Row, Columns, Cells extends CellOptions> = Columns extends ColumnShape
  ? RowOfColumns<Columns, Cells>
  : Row
