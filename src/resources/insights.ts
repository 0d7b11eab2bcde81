import { refuseUnknown } from '../runtime/config/check-options.ts'
import { QueryError } from '../runtime/errors/api-errors.ts'
import { TotalTimeoutError } from '../runtime/errors/call-errors.ts'
import { activity, type HasActivity, type HasSharing, type HasTags, sharing, tags } from './capabilities.ts'
import { listMethod, type NestedListMethod } from './methods.ts'
import { firstPollMs, nextPollMs, startPolling } from './polling.ts'
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

/** A saved query and what it came to. */
export type Insight = ResponseOf<`GET ${typeof one}`>

/** Saved queries, by number or by the short id of their address. */
export interface Insights
  extends Collection<typeof all, typeof one>,
    SoftDeletable<`PATCH ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`>,
    HasSharing<typeof share>,
    HasTags<`POST ${typeof all}bulk_update_tags/`> {
  /**
   * What an insight came to, without waiting: `fresh`, `stale` or `pending`. Default: what PostHog has in its cache.
   *
   * @example const { state, result } = await posthog.insights.result('aBcD1234')
   */
  result(id: number | string, refresh?: InsightRefresh, options?: CallOptions): Promise<InsightResult>
  /**
   * What an insight comes to: computed anew unless PostHog has it fresh, and waited for. When that takes longer than
   * `totalTimeout` (default: 600,000 ms), its state is `stale` or `pending`.
   *
   * @throws QueryError when its query fails; TotalTimeoutError when PostHog does not answer at all
   * @example const { result } = await posthog.insights.run(7)
   */
  run(id: number | string, options?: CallOptions): Promise<InsightResult>
  /** The bounds that alerts watch. */
  thresholds: NestedListMethod<`GET ${typeof thresholds}`>
}

/** Binds insights to a client. */
export const createInsights: Resource<Insights> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  ...activity(api, `GET ${one}activity/`),
  ...sharing(api, share),
  ...tags(api, `POST ${all}bulk_update_tags/`),
  result: async (id, refresh = 'force_cache', options = {}) => {
    return insightResult(api, id, refresh, options)
  },
  run: async (id, options) => runInsight(api, id, options),
  thresholds: listMethod(api, `GET ${thresholds}`, 'id, query?'),
})

const route = 'GET /api/projects/{project_id}/insights/{id}/'

type InsightBody = ResponseOf<typeof route>

/** How an insight is computed: PostHog's own modes. */
export type InsightRefresh = NonNullable<QueryOf<typeof route>['refresh']>

/** Modes in which PostHog leaves a result that is old. */
const keeping: ReadonlySet<InsightRefresh> = new Set<InsightRefresh>(['force_cache', 'lazy_async'])

/** What an insight came to. */
export interface InsightResult {
  /**
   * `fresh`: computed now, or within the time that PostHog keeps a result. `stale`: older, while PostHog computes anew
   * or was not asked to. `pending`: nothing yet.
   */
  readonly state: 'fresh' | 'stale' | 'pending'
  /** As the kind of query answers it; undefined while pending. */
  readonly result: unknown
  /** When it was computed. */
  readonly lastRefresh: Date | undefined
  readonly insight: InsightBody
}

/** Reads an insight's result as it stands. */
export async function insightResult(
  api: Requester,
  id: number | string,
  refresh: InsightRefresh,
  options: CallOptions | undefined,
): Promise<InsightResult> {
  const insight = await api.request(route, { path: { id }, query: { refresh } }, options)
  const { result, last_refresh, cache_target_age } = insight as Readonly<Record<string, unknown>>
  const { complete, error } = statusOf(insight)
  const target = timeOf(cache_target_age)
  // Where PostHog computes what is old, it says so itself; only otherwise this clock is asked, which may be wrong.
  const aged = keeping.has(refresh) && target !== undefined && target.getTime() < Date.now()
  const old = complete === false || error === true || aged
  const empty = result === null || result === undefined
  return {
    state: empty ? 'pending' : old ? 'stale' : 'fresh',
    result: empty ? undefined : result,
    lastRefresh: timeOf(last_refresh),
    insight,
  }
}

/** Reads an insight's result, and waits while PostHog computes it in the background. */
export async function runInsight(
  api: Requester,
  id: number | string,
  wanted: CallOptions = {},
): Promise<InsightResult> {
  refuseUnknown('insights.run', wanted, callOptionNames)
  const { totalTimeout, ...options } = wanted
  const polling = startPolling(api, totalTimeout, options.signal)
  let found: InsightResult | undefined
  for (let wait = firstPollMs; ; wait = nextPollMs(wait)) {
    try {
      found = await insightResult(api, id, 'async', { ...options, totalTimeout: polling.left() })
    } catch (error) {
      if (!(error instanceof TotalTimeoutError)) throw error
      if (found === undefined) throw new TotalTimeoutError(route, polling.ms)
      return found
    }
    refuseFailed(found.insight)
    if (found.state === 'fresh' || !(await polling.pause(wait))) return found
  }
}

/** PostHog answers 200 for an insight whose query failed in the background. */
function refuseFailed(insight: InsightBody): void {
  const { error, error_message: detail } = statusOf(insight)
  if (error !== true) return
  throw new QueryError({
    operation: route,
    status: 200,
    message: `${route}: the query of the insight failed: ${detail ?? 'no detail.'}`,
    fix: 'Open the insight in PostHog, and make its query right or smaller.',
    detail: typeof detail === 'string' ? detail : undefined,
  })
}

/** How the query of an insight stands that runs in the background. */
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

/** A variable of SQL insights. */
export type InsightVariable = ResponseOf<`GET ${typeof variable}`>

/** Variables that SQL insights and endpoints share, as `{variables.code_name}`. */
export interface InsightVariables
  extends Collection<typeof variables, typeof variable>,
    HardDeletable<`DELETE ${typeof variable}`> {}

/** Binds SQL variables to a client. */
export const createInsightVariables: Resource<InsightVariables> = (api) => ({
  ...collection(api, variables, variable),
  ...hardDeletes(api, variable),
})
