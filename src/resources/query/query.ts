import { isPlainObject, unexpected } from '../../runtime/config/check-options.ts'
import { type HogQL, type HogQLParameter, hogql, isHogQL } from '../../runtime/hogql/hogql.ts'
import { createRowDecoder } from '../../runtime/rows/decode-rows.ts'
import { parseLosslessJson } from '../../runtime/rows/lossless-json.ts'
import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { watchSignal } from '../../runtime/transport/deadline.ts'
import { type BodyMethod, method } from '../methods.ts'
import type { CallOptions, Requester, ResponseOf } from '../requester.ts'
import { throwReportedError } from '../response-fields.ts'
import type { Resource } from '../verbs.ts'
import { runInBackground } from './background.ts'
import { type Exactly, QueryCall } from './query-call.ts'
import {
  checkQueryOptions,
  type HogQLOptions,
  mergeHogQLOptions,
  type QueryOptions,
} from './query-options.ts'
import type { QueryResult } from './query-result.ts'
import type { MergedCells } from './row-schema.ts'
import { readRawRows } from './run-hogql.ts'
import { type AnyQuery, isInBackground, queryRoute, sendQuery } from './send-query.ts'

/** A kind of query, such as `TrendsQuery`. */
export type QueryKind = NonNullable<Extract<AnyQuery, { response?: unknown }>['kind']>

/** Input of a query of a kind. */
export type QueryByKind<Kind extends QueryKind> = Omit<
  Extract<AnyQuery, { kind?: Kind }>,
  'kind' | 'response'
> & {
  readonly kind: Kind
}

/** Response to a query of a kind. */
export type ResponseByKind<Kind extends QueryKind> = NonNullable<
  Extract<AnyQuery, { kind?: Kind }> extends { response?: infer Output } ? Output : never
>

const queries = '/api/projects/{project_id}/query/'

/** Queries of any kind. */
export interface Queries {
  /**
   * Runs a query of any kind. `kind` types the query and its response. HogQL rows are arrays here; `posthog.hogql`
   * returns objects.
   *
   * @throws BadRequestError for an invalid query; QueryTimeoutError for a query that times out
   * @example
   * const { results } = await posthog.query.run({ kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: '$pageview' }] })
   */
  run<Kind extends QueryKind>(query: QueryByKind<Kind>, options?: QueryOptions): Promise<ResponseByKind<Kind>>
  /**
   * Reads the entries of PostHog's query log for a query of the last day, by `clientQueryId`. Each entry is an object
   * keyed by column name. An unknown id has no entries. PostHog's schema of September 2026 does not open this operation
   * to personal API keys, so PostHog probably returns 403.
   *
   * @throws PermissionError if PostHog does not let keys read the log
   * @example
   * const clientQueryId = crypto.randomUUID()
   * await posthog.hogql(hogql`select count() from events`, { clientQueryId })
   * const [entry] = await posthog.query.log(clientQueryId)
   */
  log(id: string, options?: CallOptions): Promise<Record<string, unknown>[]>
  /**
   * Upgrades a query to the latest version of its kind. PostHog's schema does not open this operation to personal API
   * keys, so PostHog probably returns 403.
   */
  upgrade: BodyMethod<`POST ${typeof queries}upgrade/`>
  /**
   * Drafts HogQL from a description in words, with PostHog's AI. PostHog's schema does not open this operation to
   * personal API keys, so PostHog probably returns 403.
   */
  draftSql(options?: CallOptions): APIPromise<ResponseOf<`GET ${typeof queries}draft_sql/`>>
  /**
   * Checks that the key may run queries in the background. PostHog's schema does not open this operation to personal API
   * keys, so PostHog probably returns 403.
   */
  checkAuthForAsync(
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof queries}check_auth_for_async/`>>
}

/** The `hogql` function of a client. */
export interface RunHogQL {
  /**
   * Runs a query with bound values. `Row` is trusted unless you pass a schema to `as`.
   *
   * @throws BadRequestError for an invalid query; QueryTimeoutError for a query that times out; ConfigurationError for
   * a value that HogQL cannot represent
   * @example
   * const { rows, complete } = await posthog.hogql<{ event: string; count: number }>`
   *   select event, count() as count from events where timestamp > ${since} group by event limit ${20}`
   */
  <Row = Record<string, unknown>>(text: TemplateStringsArray, ...parameters: HogQLParameter[]): QueryCall<Row>
  /**
   * Runs a query built with the `hogql` tag.
   *
   * @throws ConfigurationError for anything else, including strings and JSON, and for invalid options
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
   * Runs several queries concurrently, within PostHog's limits.
   *
   * @throws the error of the first query that fails, after aborting the rest
   * @example const { users, events } = await posthog.hogql.all({ users: hogql`…`, events: hogql`…` })
   */
  all<Named extends Readonly<Record<string, HogQL<unknown>>>>(
    queries: Named,
    options?: Omit<HogQLOptions, 'clientQueryId'>,
  ): Promise<{ [Name in keyof Named]: QueryResult<RowOf<Named[Name]>> }>
}

/** The row type of a query. */
export type RowOf<Query> = Query extends HogQL<infer Row> ? Row : never

/** Creates the `hogql` function of a client. */
export function createHogQL(requester: Requester): RunHogQL {
  const run = (first: unknown, ...rest: readonly unknown[]): QueryCall<unknown> => {
    if (isHogQL(first)) return new QueryCall(requester, { query: () => first, options: rest })
    const isTemplate = Array.isArray(first)
    // Invalid templates and queries reject when the call is awaited.
    const query = isTemplate ? () => hogql(first as never, ...(rest as HogQLParameter[])) : () => first
    return new QueryCall(requester, { query, options: isTemplate ? [] : rest })
  }
  const all: RunHogQL['all'] = async (queries, options) => {
    if (!isPlainObject(queries))
      throw unexpected('The argument of `hogql.all`', queries, 'an object of queries')
    const { clientQueryId } = mergeHogQLOptions('hogql.all', [options])
    if (clientQueryId !== undefined) {
      throw unexpected(
        'The option `clientQueryId` of `hogql.all`',
        clientQueryId,
        'undefined, as each query needs its own id',
      )
    }
    return runAll(requester, queries, options)
  }
  // `run` selects the overload by its first argument.
  return Object.assign(run, { all }) as RunHogQL
}

/** Creates the `query` resource. */
export const createQueries: Resource<Queries> = (api) => ({
  run: async (query, options = {}) => {
    checkQueryOptions(options)
    if (!isPlainObject(query) || typeof query['kind'] !== 'string') {
      throw unexpected('The argument of `query.run`', query, 'a query object with a `kind`')
    }
    const response = await runQuery(api, query as AnyQuery, options)
    throwReportedError(response, queryRoute)
    // `kind` selects the query and its response from the same union.
    return response as never
  },
  log: async (id, options) => queryLog(api, id, options),
  upgrade: method(api, `POST ${queries}upgrade/`, 'body'),
  draftSql: (options) => api.request(`GET ${queries}draft_sql/`, {}, options),
  checkAuthForAsync: (options) => api.request(`POST ${queries}check_auth_for_async/`, {}, options),
})

/** Runs a query of any kind and returns PostHog's response. */
export async function runQuery(
  requester: Requester,
  query: AnyQuery,
  options: QueryOptions,
): Promise<unknown> {
  if (!isInBackground(options)) return sendQuery(requester, query, options)
  return (await runInBackground(requester, query, options, { parse: JSON.parse })).data
}

/** Reads the entries of PostHog's query log for a query. */
export async function queryLog(
  requester: Requester,
  id: string,
  options: CallOptions = {},
): Promise<Record<string, unknown>[]> {
  const route = 'GET /api/projects/{project_id}/query/{id}/log/'
  const body = await requester.request(route, { path: { id } }, options, { parse: parseLosslessJson })
  const { response, columns } = readRawRows(body)
  return response.results.map(createRowDecoder(columns, { int64: 'bigint' }))
}

/**
 * Runs several queries concurrently; the client's rate limits apply. If one fails, the rest are aborted.
 */
async function runAll<Named extends Readonly<Record<string, HogQL<unknown>>>>(
  requester: Requester,
  queries: Named,
  { clientQueryId: _, signal, ...options }: HogQLOptions = {},
): Promise<{ [Name in keyof Named]: QueryResult<RowOf<Named[Name]>> }> {
  const controller = new AbortController()
  const stopWatching = signal && watchSignal(signal).onAbort(() => controller.abort(signal.reason))
  const running = Object.entries(queries).map(async ([name, query]) => {
    const draft = { query: () => query, options: [{ ...options, signal: controller.signal }] }
    return [name, await new QueryCall(requester, draft)] as const
  })
  try {
    // Each name maps to the result of its own query.
    return Object.fromEntries(await Promise.all(running)) as never
  } catch (error) {
    controller.abort(error)
    await Promise.allSettled(running)
    throw error
  } finally {
    stopWatching?.()
  }
}
