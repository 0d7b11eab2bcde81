import { createPlatform } from '../../runtime/platform.ts'
import type { CallOptions, Requester } from '../requester.ts'
import type { AnswerOf, FiltersOf } from '../routes.ts'

const route = 'GET /api/projects/{project_id}/insights/{id}/'
/** Milliseconds between two questions: the first, what it grows by, and the longest. */
const pause = { first: 300, growth: 1.5, longest: 5_000 }

type Insight = AnswerOf<typeof route>

/** How an insight is computed: PostHog's own modes. */
export type InsightRefresh = NonNullable<FiltersOf<typeof route>['refresh']>

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
  const { result, last_refresh, query_status, cache_target_age } = insight as Readonly<
    Record<string, unknown>
  >
  const lastRefresh = timeOf(last_refresh)
  const running = Object(query_status).complete === false
  const target = timeOf(cache_target_age)
  const old = running || (target !== undefined && target.getTime() < Date.now())
  const empty = result === null || result === undefined
  return {
    state: empty ? 'pending' : old ? 'stale' : 'fresh',
    result: empty ? undefined : result,
    lastRefresh,
    insight,
  }
}

/** Reads an insight's result, and waits while PostHog computes it in the background. */
export async function runInsight(
  api: Requester,
  id: number | string,
  { totalTimeout = 600_000, ...options }: CallOptions = {},
): Promise<InsightResult> {
  const { sleep } = createPlatform()
  const deadline = performance.now() + totalTimeout
  let found = await insightResult(api, id, 'async', options)
  for (let wait = pause.first; ; wait = Math.min(wait * pause.growth, pause.longest)) {
    if (found.state === 'fresh' || performance.now() + wait > deadline) return found
    await sleep(wait, options.signal)
    found = await insightResult(api, id, 'async', options)
  }
}

function timeOf(text: unknown): Date | undefined {
  const time = typeof text === 'string' ? new Date(text) : undefined
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time
}
