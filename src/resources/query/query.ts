import { isPlainObject, unexpected } from '../../runtime/config/check-options.ts'
import { type HogQL, type HogQLParameter, hogql, isHogQL } from '../../runtime/hogql/hogql.ts'
import { createRowDecoder } from '../../runtime/rows/decode-rows.ts'
import { refuseReportedError } from '../../runtime/rows/incomplete.ts'
import { parseLosslessJson } from '../../runtime/rows/lossless-json.ts'
import { watchSignal } from '../../runtime/transport/deadline.ts'
import type { CallOptions, Requester } from '../requester.ts'
import type { Resource } from '../verbs.ts'
import { runInBackground } from './background.ts'
import { type Exactly, QueryCall } from './query-call.ts'
import { checkQueryOptions, type HogQLOptions, hogqlOptions, type QueryOptions } from './query-options.ts'
import type { QueryResult } from './query-result.ts'
import type { MergedCells } from './row-schema.ts'
import { readCells } from './run-hogql.ts'
import { type AnyQuery, isInBackground, queryRoute, sendQuery } from './send-query.ts'

/** A kind of query, such as `TrendsQuery`. */
export type QueryKind = NonNullable<Extract<AnyQuery, { response?: unknown }>['kind']>

/** What a query of a kind takes. */
export type QueryByKind<Kind extends QueryKind> = Omit<
  Extract<AnyQuery, { kind?: Kind }>,
  'kind' | 'response'
> & {
  readonly kind: Kind
}

/** What a query of a kind answers. */
export type ResponseByKind<Kind extends QueryKind> = NonNullable<
  Extract<AnyQuery, { kind?: Kind }> extends { response?: infer Answer } ? Answer : never
>

/** Queries of every kind. */
export interface Queries {
  /**
   * Runs a query of any kind; question and answer are typed by `kind`. Rows of HogQL come as arrays here: `hogql` of
   * the client makes objects of them.
   *
   * @throws BadRequestError for a query that PostHog does not understand, QueryTimeoutError for one that takes too long
   * @example
   * const { results } = await posthog.query.run({ kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: '$pageview' }] })
   */
  run<Kind extends QueryKind>(query: QueryByKind<Kind>, options?: QueryOptions): Promise<ResponseByKind<Kind>>
  /**
   * What PostHog's query log has about a query of the last day, by the id that it ran under: one object for each of its
   * entries, with the columns that PostHog gives them. An id that is not there has none.
   *
   * @throws PermissionError where PostHog keeps its log from keys
   * @example
   * const clientQueryId = crypto.randomUUID()
   * await posthog.hogql(hogql`select count() from events`, { clientQueryId })
   * const [entry] = await posthog.query.log(clientQueryId)
   */
  log(id: string, options?: CallOptions): Promise<Record<string, unknown>[]>
}

/** Runs HogQL. */
export interface RunHogQL {
  /**
   * Runs a query whose values are bound. `Row` is what its rows are taken for.
   *
   * @throws BadRequestError for a query that PostHog does not understand, QueryTimeoutError for one that takes too
   * long, ConfigurationError for a value that HogQL has no constant for
   * @example
   * const { rows, complete } = await posthog.hogql<{ event: string; count: number }>`
   *   select event, count() as count from events where timestamp > ${since} group by event limit ${20}`
   */
  <Row = Record<string, unknown>>(text: TemplateStringsArray, ...parameters: HogQLParameter[]): QueryCall<Row>
  /**
   * Runs a query that the tag `hogql` made.
   *
   * @throws ConfigurationError for anything else, text and JSON included, and for wrong options
   * @example
   * const query = hogql<{ n: bigint }>`select count() as n from events`
   * const row = await posthog.hogql(query, { int64: 'bigint' }).one()
   */
  <Row = Record<string, unknown>>(query: HogQL<Row>): QueryCall<Row>
  <Row = Record<string, unknown>, const Options extends HogQLOptions = HogQLOptions>(
    query: HogQL<Row>,
    options: Exactly<Options, HogQLOptions> | undefined,
  ): QueryCall<Row, MergedCells<Record<never, never>, Options>>
  /**
   * Runs several queries at once, as many at a time as PostHog takes.
   *
   * @throws what the first query that fails throws; the others are aborted
   * @example const { users, events } = await posthog.hogql.all({ users: hogql`…`, events: hogql`…` })
   */
  all<Named extends Readonly<Record<string, HogQL<unknown>>>>(
    queries: Named,
    options?: Omit<HogQLOptions, 'clientQueryId'>,
  ): Promise<{ [Name in keyof Named]: QueryResult<RowOf<Named[Name]>> }>
}

/** The row type of a query. */
export type RowOf<Query> = Query extends HogQL<infer Row> ? Row : never

/** Binds `hogql` to a client. */
export function createHogQL(requester: Requester): RunHogQL {
  const run = (first: unknown, ...rest: readonly unknown[]): QueryCall<unknown> => {
    if (isHogQL(first)) return new QueryCall(requester, { query: () => first, options: rest })
    const isTemplate = Array.isArray(first)
    // The tag refuses what is no template, and `QueryCall` what is no query: when the call is awaited.
    const query = isTemplate ? () => hogql(first as never, ...(rest as HogQLParameter[])) : () => first
    return new QueryCall(requester, { query, options: isTemplate ? [] : rest })
  }
  const all: RunHogQL['all'] = async (queries, options) => {
    if (!isPlainObject(queries)) throw unexpected('The argument of `hogql.all`', queries, 'queries by name')
    const { clientQueryId } = hogqlOptions('hogql.all', [options])
    if (clientQueryId !== undefined) {
      throw unexpected(
        'The option `clientQueryId` of `hogql.all`',
        clientQueryId,
        'none: each query needs its own',
      )
    }
    return runAll(requester, queries, options)
  }
  // The overloads of `run` are told apart by their first argument.
  return Object.assign(run, { all }) as RunHogQL
}

/** Binds `query` to a client. */
export const createQueries: Resource<Queries> = (api) => ({
  run: async (query, options = {}) => {
    checkQueryOptions(options)
    if (!isPlainObject(query) || typeof query['kind'] !== 'string') {
      throw unexpected('The argument of `query.run`', query, 'a query with its `kind`')
    }
    const answer = await runQuery(api, query as AnyQuery, options)
    refuseReportedError(answer, queryRoute)
    // `kind` picks question and answer from the same union.
    return answer as never
  },
  log: async (id, options) => queryLog(api, id, options),
})

/** Runs a query of any kind, and gives what PostHog answers to it. */
export async function runQuery(
  requester: Requester,
  query: AnyQuery,
  options: QueryOptions,
): Promise<unknown> {
  if (!isInBackground(options)) return sendQuery(requester, query, options)
  return (await runInBackground(requester, query, options, { parse: JSON.parse })).data
}

/** The entries of PostHog's query log for a query. */
export async function queryLog(
  requester: Requester,
  id: string,
  options: CallOptions = {},
): Promise<Record<string, unknown>[]> {
  const route = 'GET /api/projects/{project_id}/query/{id}/log/'
  const body = await requester.request(route, { path: { id } }, options, { parse: parseLosslessJson })
  const { answer, columns } = readCells(body)
  return answer.results.map(createRowDecoder(columns, { int64: 'bigint' }))
}

/**
 * Runs several queries at once: the limits of the client say how many at a time. When one fails, the others are
 * aborted.
 */
export async function runAll<Named extends Readonly<Record<string, HogQL<unknown>>>>(
  requester: Requester,
  queries: Named,
  { clientQueryId: _, signal, ...options }: HogQLOptions = {},
): Promise<{ [Name in keyof Named]: QueryResult<RowOf<Named[Name]>> }> {
  const controller = new AbortController()
  const leave = signal && watchSignal(signal).onAbort(() => controller.abort(signal.reason))
  const running = Object.entries(queries).map(async ([name, query]) => {
    const draft = { query: () => query, options: [{ ...options, signal: controller.signal }] }
    return [name, await new QueryCall(requester, draft)] as const
  })
  try {
    // Each name has the rows of its own query.
    return Object.fromEntries(await Promise.all(running)) as never
  } catch (error) {
    controller.abort(error)
    await Promise.allSettled(running)
    throw error
  } finally {
    leave?.()
  }
}
