import { type ListOfCall, listOfCall } from '../calls.ts'
import { activity, type HasActivity } from '../parts/activity.ts'
import { type HasSharing, sharing } from '../parts/sharing.ts'
import { type HasTags, tags } from '../parts/tags.ts'
import type { CallOptions } from '../requester.ts'
import type { AnswerOf } from '../routes.ts'
import { type Collection, collection, type Resource, type SoftDeletes, softDeletes } from '../verbs.ts'
import type { InsightRefresh, InsightResult } from './insight-result.ts'
import { insightResult, runInsight } from './insight-result.ts'

const all = '/api/projects/{project_id}/insights/'
const one = '/api/projects/{project_id}/insights/{id}/'
const share = '/api/projects/{project_id}/insights/{insight_id}/sharing/'
const thresholds = '/api/projects/{project_id}/insights/{insight_id}/thresholds/'

/** A saved query and what it came to. */
export type Insight = AnswerOf<`GET ${typeof one}`>

/** Saved queries, by number or by the short id of their address. */
export interface Insights
  extends Collection<typeof all, typeof one>,
    SoftDeletes<`PATCH ${typeof one}`>,
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
  thresholds: ListOfCall<`GET ${typeof thresholds}`>
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
  thresholds: listOfCall(api, `GET ${thresholds}`),
})
