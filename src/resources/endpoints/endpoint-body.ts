import type { InsightKind } from '../query/insight-rows.ts'
import type { QueryByKind } from '../query/query.ts'
import type { BodyOf } from '../requester.ts'

/** A query that an endpoint can save: HogQL, or the query of an insight. Its `kind` types its other fields. */
export type EndpointQueryBody = { [Kind in InsightKind]: QueryByKind<Kind> }[InsightKind]

/**
 * Maximum age of an endpoint's rows in seconds: 15 or 30 minutes, 1, 6, 12 or 24 hours, or 7 days. Materialized
 * endpoints refresh their table as often.
 *
 * Source: PostHog/posthog products/endpoints/backend/logic/validation.py
 */
export type EndpointFreshness = 900 | 1_800 | 3_600 | 21_600 | 43_200 | 86_400 | 604_800

/**
 * Time buckets to which a materialized endpoint rounds the ranges of a column.
 *
 * Source: PostHog/posthog products/endpoints/backend/materialization/range_buckets.py
 */
export type EndpointBucket = 'minute' | 'fifteen_minutes' | 'hour' | 'day' | 'week' | 'month'

/** Fields that PostHog reads when it creates and when it updates an endpoint. */
interface EndpointFields
  extends Pick<
    BodyOf<'POST /api/projects/{project_id}/endpoints/'>,
    'description' | 'is_active' | 'is_materialized' | 'optional_breakdown_properties' | 'tags'
  > {
  /** Default: 86,400. */
  data_freshness_seconds?: EndpointFreshness | null
  /** Buckets by column. Materialized HogQL endpoints only. Default: `day` for a range of a plain column. */
  bucket_overrides?: { [column: string]: EndpointBucket } | null
}

/**
 * Body of `endpoints.create`. PostHog ignores `version` and `deleted` here.
 *
 * @example
 * const query = { kind: 'HogQLQuery', query: 'select count() from events' } as const
 * await posthog.endpoints.create({ name: 'signups', query })
 */
export interface NewEndpoint extends EndpointFields {
  /** Name in the URL: a letter, then letters, digits, `_` or `-`. Up to 128 characters. */
  name: string
  query: EndpointQueryBody
  /** Short id of the insight that the endpoint is made from. */
  derived_from_insight?: string | null
}

/**
 * Body of `endpoints.update`. A different query creates a version. PostHog ignores `name` and `derived_from_insight` here.
 *
 * @example await posthog.endpoints.update('signups', { description: 'Sign-ups by plan.', is_materialized: true })
 */
export interface EndpointChanges extends EndpointFields {
  query?: EndpointQueryBody | null
  /** Version to change, without `query`. Default: the current one. */
  version?: number | null
  /** `true` deletes the endpoint. */
  deleted?: boolean | null
}
