import type { ResponseByKind } from './query.ts'

/** A kind of query whose result an insight can have. */
export type InsightKind =
  | 'TrendsQuery'
  | 'FunnelsQuery'
  | 'RetentionQuery'
  | 'PathsQuery'
  | 'StickinessQuery'
  | 'LifecycleQuery'
  | 'HogQLQuery'

/** Names of the insight kinds, for validation. */
export const insightKinds: readonly InsightKind[] = [
  'TrendsQuery',
  'FunnelsQuery',
  'RetentionQuery',
  'PathsQuery',
  'StickinessQuery',
  'LifecycleQuery',
  'HogQLQuery',
]

/** The result of an insight of a kind. Unknown for an insight whose kind is not named. */
export type ResultOfKind<Kind extends InsightKind | undefined> = Kind extends InsightKind
  ? ResponseByKind<Kind> extends { readonly results: infer Result }
    ? Result
    : never
  : unknown

/** A series of a trend. For total values, `data` is empty and `aggregated_value` is set. */
export type TrendsRow = ResultOfKind<'TrendsQuery'>[number]

/** A series of a lifecycle chart: users of one status. */
export type LifecycleRow = ResultOfKind<'LifecycleQuery'>[number]

/** A series of a stickiness chart. `days` are numbers of intervals. */
export type StickinessRow = ResultOfKind<'StickinessQuery'>[number]

/** A cohort of a retention table. */
export type RetentionRow = ResultOfKind<'RetentionQuery'>[number]

/** An edge of a path, with the average time between its two steps as PostHog reports it. */
export type PathsRow = ResultOfKind<'PathsQuery'>[number]

type FunnelResult = ResultOfKind<'FunnelsQuery'>
type FunnelItem = Extract<FunnelResult, readonly unknown[]>[number]

/** A step of a funnel. Times are in seconds. */
export type FunnelsRow = Extract<FunnelItem, { readonly action_id: unknown }>

/** A series of a funnel's conversion rate over time, in percent. */
export type FunnelTrendsRow = Extract<FunnelItem, { readonly data: unknown }>

/** A histogram of the time to convert: bins of start time in seconds and number of persons. */
export type FunnelTimeToConvert = Exclude<FunnelResult, readonly unknown[]>
