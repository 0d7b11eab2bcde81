import { checkChoice, type OptionNames, rejectUnknownOptions } from '../runtime/config/check-options.ts'
import { QueryError } from '../runtime/errors/api-errors.ts'
import { TotalTimeoutError } from '../runtime/errors/call-errors.ts'
import { DecodeError } from '../runtime/errors/result-errors.ts'
import { isObject } from '../shared/is-object.ts'
import { activity, type HasActivity, type HasSharing, type HasTags, sharing, tags } from './capabilities.ts'
import { type BodyMethod, type IdMethod, listMethod, method, type NestedListMethod } from './methods.ts'
import { firstPollMs, nextPollMs, startPolling } from './polling.ts'
import { type InsightKind, insightKinds, type ResultOfKind } from './query/insight-rows.ts'
import {
  type CallOptions,
  callOptionNames,
  type QueryOf,
  type Requester,
  type ResponseOf,
} from './requester.ts'
import {
  type Collection,
  collection,
  type HardDeletable,
  hardDeletes,
  type Resource,
  type SoftDeletable,
  softDeletes,
} from './verbs.ts'

const all = '/api/projects/{project_id}/insights/'
const one = '/api/projects/{project_id}/insights/{id}/'
const share = '/api/projects/{project_id}/insights/{insight_id}/sharing/'
const thresholds = '/api/projects/{project_id}/insights/{insight_id}/thresholds/'

/** An insight: a saved query and its result. */
export interface Insight extends ResponseOf<`GET ${typeof one}`> {}

/** Insights: saved queries, by numeric id or by the short id in their URL. */
export interface Insights
  extends Collection<typeof all, typeof one>,
    SoftDeletable<`PATCH ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`>,
    HasSharing<typeof share>,
    HasTags<`POST ${typeof all}bulk_update_tags/`> {
  /**
   * Adds, removes or replaces the tags of several insights. PostHog's schema does not open this operation to personal
   * API keys, so PostHog probably returns 403.
   *
   * @example await posthog.insights.updateTags({ action: 'add', ids: [7, 8], tags: ['weekly'] })
   */
  updateTags: HasTags<`POST ${typeof all}bulk_update_tags/`>['updateTags']
  /**
   * Returns the current result of an insight without polling. Its state is `fresh`, `stale` or `pending`. Default
   * refresh mode: `force_cache`, which reads PostHog's cache.
   *
   * @throws DecodeError if the insight has another kind than the option `kind`
   * @example const { state, result } = await posthog.insights.result('aBcD1234')
   */
  result<Kind extends InsightKind | undefined = undefined>(
    id: number | string,
    refresh?: InsightRefresh,
    options?: InsightOptions<Kind>,
  ): Promise<InsightResult<ResultOfKind<Kind>>>
  /**
   * Computes an insight unless PostHog has a fresh result, and polls until it finishes. After `totalTimeout` (default:
   * 600,000 ms), the state is `stale` or `pending`.
   *
   * @throws QueryError if its query fails; TotalTimeoutError if PostHog never responds; DecodeError if the insight has
   * another kind than the option `kind`
   * @example
   * const { result } = await posthog.insights.run(7, { kind: 'TrendsQuery' })
   * for (const { label, count } of result ?? []) console.log(label, count)
   */
  run<Kind extends InsightKind | undefined = undefined>(
    id: number | string,
    options?: InsightOptions<Kind>,
  ): Promise<InsightResult<ResultOfKind<Kind>>>
  /** Lists the thresholds of the insight's alerts. */
  thresholds: NestedListMethod<`GET ${typeof thresholds}`>
  /**
   * Generates a name and a description for a query, with PostHog's AI.
   *
   * @example
   * await posthog.insights.generateMetadata({ query: { kind: 'HogQLQuery', query: 'select count() from events' } })
   */
  generateMetadata: BodyMethod<`POST ${typeof all}generate_metadata/`>
  /**
   * Describes the result of an insight in words, with PostHog's AI. PostHog's schema does not open this operation to
   * personal API keys, so PostHog probably returns 403.
   */
  analyze: IdMethod<`GET ${typeof one}analyze/`>
  /**
   * Suggests insights to look at next, with PostHog's AI. PostHog's schema does not open this operation to personal API
   * keys, so PostHog probably returns 403.
   */
  suggestions: IdMethod<`GET ${typeof one}suggestions/`>
  /**
   * Cancels the query of an insight, by `client_query_id`. PostHog's schema does not open this operation to personal API
   * keys, so PostHog probably returns 403.
   */
  cancel: BodyMethod<`POST ${typeof all}cancel/`>
}

/** Creates the insights resource. */
export const createInsights: Resource<Insights> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  ...activity(api, `GET ${one}activity/`),
  ...sharing(api, share),
  ...tags(api, `POST ${all}bulk_update_tags/`),
  result: async (id, refresh = 'force_cache', options = {}) => {
    rejectUnknownOptions('insights.result', options, insightOptionNames)
    return insightResult(api, id, refresh, options)
  },
  run: async (id, options) => runInsight(api, id, options),
  thresholds: listMethod(api, `GET ${thresholds}`, 'id, query?'),
  generateMetadata: method(api, `POST ${all}generate_metadata/`, 'body'),
  analyze: method(api, `GET ${one}analyze/`, 'id'),
  suggestions: method(api, `GET ${one}suggestions/`, 'id'),
  cancel: method(api, `POST ${all}cancel/`, 'body'),
})

const route = 'GET /api/projects/{project_id}/insights/{id}/'

type InsightBody = ResponseOf<typeof route>

/** PostHog's refresh modes of an insight. */
export type InsightRefresh = NonNullable<QueryOf<typeof route>['refresh']>

/** Refresh modes in which PostHog returns an outdated result. */
const staleModes: ReadonlySet<InsightRefresh> = new Set<InsightRefresh>(['force_cache', 'lazy_async'])

/** Options of `insights.run` and `insights.result`. */
export interface InsightOptions<Kind extends InsightKind | undefined = InsightKind | undefined>
  extends CallOptions {
  /** Kind of the insight's query. It types the result, and Typehog checks it. Default: the result is unknown. */
  readonly kind?: Kind
}

const insightOptionNames: OptionNames<InsightOptions> = { ...callOptionNames, kind: true }

/** The result of an insight. */
export interface InsightResult<Result = unknown> {
  /**
   * `fresh`: computed now, or within PostHog's cache lifetime. `stale`: an older result, whether or not PostHog
   * recomputes it. `pending`: no result yet.
   */
  readonly state: 'fresh' | 'stale' | 'pending'
  /** The result in the format of its query kind; undefined while pending. */
  readonly result: Result | undefined
  /** Time of the computation. */
  readonly lastRefresh: Date | undefined
  readonly insight: InsightBody
}

/** Reads the current result of an insight. */
async function insightResult<Kind extends InsightKind | undefined>(
  api: Requester,
  id: number | string,
  refresh: InsightRefresh,
  { kind, ...options }: InsightOptions<Kind>,
): Promise<InsightResult<ResultOfKind<Kind>>> {
  checkChoice('kind', kind, insightKinds)
  const insight = await api.request(route, { path: { id }, query: { refresh } }, options)
  if (kind !== undefined) assertKind(insight, kind)
  const { result, last_refresh, cache_target_age } = insight as Readonly<Record<string, unknown>>
  const { complete, error } = statusOf(insight)
  const target = timeOf(cache_target_age)
  // PostHog reports a recomputation itself. Only the other modes need the local clock, which may be wrong.
  const expired = staleModes.has(refresh) && target !== undefined && target.getTime() < Date.now()
  const stale = complete === false || error === true || expired
  const empty = result === null || result === undefined
  return {
    state: empty ? 'pending' : stale ? 'stale' : 'fresh',
    // `kind` was checked. Without it, the result is unknown.
    result: empty ? undefined : (result as ResultOfKind<Kind>),
    lastRefresh: timeOf(last_refresh),
    insight,
  }
}

/** Reads the result of an insight and polls while PostHog computes it in the background. */
async function runInsight<Kind extends InsightKind | undefined>(
  api: Requester,
  id: number | string,
  runOptions: InsightOptions<Kind> = {},
): Promise<InsightResult<ResultOfKind<Kind>>> {
  rejectUnknownOptions('insights.run', runOptions, insightOptionNames)
  const { totalTimeout, ...options } = runOptions
  const polling = startPolling(api, totalTimeout, options.signal)
  let found: InsightResult<ResultOfKind<Kind>> | undefined
  for (let wait = firstPollMs; ; wait = nextPollMs(wait)) {
    try {
      found = await insightResult(api, id, 'async', { ...options, totalTimeout: polling.left() })
    } catch (error) {
      if (!(error instanceof TotalTimeoutError)) throw error
      if (found === undefined) throw new TotalTimeoutError(route, polling.ms)
      return found
    }
    assertNotFailed(found.insight)
    if (found.state === 'fresh' || !(await polling.pause(wait))) return found
  }
}

/**
 * Asserts the kind of an insight. Older insights have no query and cannot be checked.
 *
 * @throws DecodeError with both kinds
 */
function assertKind({ query }: InsightBody, expected: InsightKind): void {
  const found = kindOf(query)
  if (found === undefined || found === expected) return
  throw new DecodeError({
    message: `The insight has the kind ${found}, expected ${expected}.`,
    fix: `Pass \`kind: '${found}'\`, or no kind.`,
  })
}

/** The kind of the query inside the nodes that describe its visualization. */
function kindOf(query: unknown): string | undefined {
  if (!isObject(query)) return undefined
  return kindOf(query['source']) ?? (typeof query['kind'] === 'string' ? query['kind'] : undefined)
}

/** PostHog returns status 200 for an insight whose background query failed. */
function assertNotFailed(insight: InsightBody): void {
  const { error, error_message: detail } = statusOf(insight)
  if (error !== true) return
  throw new QueryError({
    operation: route,
    status: 200,
    message: `${route}: the query of the insight failed: ${detail ?? 'no detail.'}`,
    fix: 'Open the insight in PostHog and correct its query or reduce its range.',
    detail: typeof detail === 'string' ? detail : undefined,
  })
}

/** Status of an insight's background query. */
function statusOf(insight: InsightBody): {
  readonly complete?: unknown
  readonly error?: unknown
  readonly error_message?: unknown
} {
  return Object((insight as Readonly<Record<string, unknown>>)['query_status'])
}

function timeOf(text: unknown): Date | undefined {
  const time = typeof text === 'string' ? new Date(text) : undefined
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time
}

const variables = '/api/projects/{project_id}/insight_variables/'
const variable = '/api/projects/{project_id}/insight_variables/{id}/'

/** A SQL variable. */
export interface InsightVariable extends ResponseOf<`GET ${typeof variable}`> {}

/** SQL variables of insights and endpoints, referenced as `{variables.code_name}`. */
export interface InsightVariables
  extends Collection<typeof variables, typeof variable>,
    HardDeletable<`DELETE ${typeof variable}`> {}

/** Creates the SQL variables resource. */
export const createInsightVariables: Resource<InsightVariables> = (api) => ({
  ...collection(api, variables, variable),
  ...hardDeletes(api, variable),
})
