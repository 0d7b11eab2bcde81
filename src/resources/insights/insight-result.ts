import { refuseUnknown } from '../../runtime/config/check-options.ts'
import { QueryError } from '../../runtime/errors/api-errors.ts'
import { TotalTimeoutError } from '../../runtime/errors/call-errors.ts'
import { firstPause, nextPause, patienceOf } from '../patience.ts'
import { type CallOptions, callOptionNames, type Requester } from '../requester.ts'
import type { AnswerOf, FiltersOf } from '../routes.ts'

const route = 'GET /api/projects/{project_id}/insights/{id}/'

type Insight = AnswerOf<typeof route>

/** How an insight is computed: PostHog's own modes. */
export type InsightRefresh = NonNullable<FiltersOf<typeof route>['refresh']>

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
  readonly insight: Insight
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
  const patience = patienceOf(totalTimeout, options.signal)
  let found: InsightResult | undefined
  for (let wait = firstPause; ; wait = nextPause(wait)) {
    try {
      found = await insightResult(api, id, 'async', { ...options, totalTimeout: patience.left() })
    } catch (error) {
      if (!(error instanceof TotalTimeoutError)) throw error
      if (found === undefined) throw new TotalTimeoutError(route, patience.ms)
      return found
    }
    refuseFailed(found.insight)
    if (found.state === 'fresh' || !(await patience.pause(wait))) return found
  }
}

/** PostHog answers 200 for an insight whose query failed in the background. */
function refuseFailed(insight: Insight): void {
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
function statusOf(insight: Insight): {
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
