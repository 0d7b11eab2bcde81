import { positive } from '../../runtime/config/resolve.ts'
import { BadRequestError, QueryError, QueryTimeoutError } from '../../runtime/errors/api-errors.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { tenMinutes } from '../polling.ts'
import { createSharedFact, type FactOptions } from '../project-facts.ts'
import type { Requester, RequestInput, RequestOutput, RouteOptions } from '../requester.ts'
import { assertHogQL, type HogQLOptions, hogqlOptions, type QueryOptions } from './query-options.ts'
import { type RowShape, rowShape } from './row-schema.ts'

/** The operation that runs queries. */
export const queryRoute = 'POST /api/projects/{project_id}/query/'

type Route = typeof queryRoute

/** A query of any kind, as PostHog's schema has it. */
export type AnyQuery = NonNullable<RequestInput<Route>['body']>['query']

/** Options of a request. */
export interface SendOptions
  extends QueryOptions,
    Pick<RouteOptions, 'parse' | 'body' | 'sink' | 'timeLeft' | 'onSend'> {}

/** Sends a query. */
export function send(
  requester: Requester,
  query: AnyQuery,
  { refresh, name, clientQueryId, async: _, onProgress: __, ...call }: SendOptions,
): APIPromise<RequestOutput<Route>> {
  const body = {
    query,
    ...(refresh === undefined ? {} : { refresh }),
    ...(name === undefined ? {} : { name }),
    ...(clientQueryId === undefined ? {} : { client_query_id: clientQueryId }),
  }
  return requester.request(queryRoute, { body }, call)
}

/** Options of one query, and of the requests that it consists of. */
export interface PreparedOptions extends QueryOptions, Pick<RouteOptions, 'timeLeft'> {}

/** A query as PostHog takes it, and the options of its request: without those about its rows. */
export interface PreparedQuery {
  readonly source: AnyQuery
  readonly options: PreparedOptions
}

/** Prepares a query. Reading the ids of its variables counts toward `totalTimeout`. */
export async function prepareQuery(
  requester: Requester,
  { query, values }: HogQL<unknown>,
  {
    dates: _,
    int64: __,
    ttl: ___,
    staleIfThrottled: ____,
    variables,
    ...options
  }: HogQLOptions & PreparedOptions,
): Promise<PreparedQuery> {
  const source = {
    kind: 'HogQLQuery',
    query,
    ...(Object.keys(values).length === 0 ? {} : { values }),
  } as const
  if (variables === undefined) return { source, options }
  const total = totalTimeoutOf(requester, options)
  const begun = performance.now()
  const named = await namedVariables(requester, variables, { ...options, totalTimeout: total })
  const totalTimeout = Math.max(1, Math.ceil(total - (performance.now() - begun)))
  return { source: { ...source, variables: named }, options: { ...options, totalTimeout } }
}

/** Whether a query is to run in the background. */
export function isInBackground({ async = false, refresh }: QueryOptions): boolean {
  return async || refresh?.includes('async') === true
}

/**
 * Milliseconds that a query may take in all.
 *
 * @throws ConfigurationError for a `totalTimeout` that is not a number above 0
 */
export function totalTimeoutOf({ config }: Requester, options: QueryOptions): number {
  const fallback = isInBackground(options) ? tenMinutes : config.totalTimeout
  return positive('totalTimeout', options.totalTimeout, fallback)
}

/** A variable as a query takes it. Without a value it has the project's default. */
export interface NamedVariable {
  readonly variableId: string
  readonly code_name: string
  readonly value?: unknown
  readonly isNull?: boolean
}

const route = 'GET /api/projects/{project_id}/insight_variables/'

/** Ids of a project's variables by code name. */
const fact = /* @__PURE__ */ createSharedFact<ReadonlyMap<string, string>>(route)

/**
 * Values by code name as PostHog takes them: by the ids that the project has for the names.
 *
 * @throws ConfigurationError for a name that the project does not have; TotalTimeoutError and the signal's reason when
 * the list of variables takes longer than the options allow
 */
export async function namedVariables(
  requester: Requester,
  values: Readonly<Record<string, unknown>>,
  options: FactOptions,
): Promise<Record<string, NamedVariable>> {
  const names = Object.keys(values)
  let ids = await idsOf(requester, options)
  // It may have been created meanwhile.
  if (names.some((name) => !ids.has(name))) {
    fact.forget(requester)
    ids = await idsOf(requester, options)
  }
  return Object.fromEntries(
    names.map((name) => {
      const variableId = ids.get(name)
      if (variableId === undefined) throw unknown(name, [...ids.keys()])
      const value = values[name]
      return [variableId, { variableId, code_name: name, value, ...(value === null ? { isNull: true } : {}) }]
    }),
  )
}

function idsOf(requester: Requester, options: FactOptions): Promise<ReadonlyMap<string, string>> {
  return fact.get(requester, options, async (call) => {
    const ids = new Map<string, string>()
    for await (const { id, code_name } of requester.list(route, {}, call)) {
      if (code_name !== null) ids.set(code_name, id)
    }
    return ids
  })
}

function unknown(name: string, names: readonly string[]): ConfigurationError {
  return new ConfigurationError({
    message: `The project has no SQL variable "${name}".`,
    fix:
      names.length === 0
        ? 'Create it in PostHog, or bind the value in the query.'
        : `Use one of its code names: ${names.join(', ')}.`,
  })
}

/**
 * Adds the text and the values of a query to the error that PostHog answered to it. Other errors stay as they are.
 *
 * @example await send(…).catch(nameQuery(query))
 */
export function nameQuery({ query, values }: HogQL<unknown>): (error: unknown) => never {
  return (error) => {
    const isAboutQuery =
      error instanceof BadRequestError || error instanceof QueryError || error instanceof QueryTimeoutError
    if (isAboutQuery) Object.assign(error, { query, values })
    throw error
  }
}

/** A query as a caller wrote it, not yet checked. */
export interface QueryDraft {
  /** Gives the query, or throws. */
  readonly query: () => unknown
  /** Options from each place where some were given, in order. */
  readonly options: readonly unknown[]
  /** The argument of `as`, if there was one. */
  readonly shape?: { readonly given: unknown }
}

/** A query that can be sent. */
export interface CheckedQuery {
  readonly query: HogQL<unknown>
  readonly options: HogQLOptions
  readonly shape: RowShape | undefined
}

/**
 * Checks a query, its options and the shape of its rows.
 *
 * @throws ConfigurationError that names the wrong argument
 */
export function checkDraft({ query, options, shape }: QueryDraft): CheckedQuery {
  return {
    query: assertHogQL('The argument of `hogql`', query()),
    options: hogqlOptions('hogql', options),
    shape: shape && rowShape(shape.given),
  }
}
