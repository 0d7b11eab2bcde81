import { notImplemented } from '../http/api-error.ts'
import type { ServerState } from '../server-state.ts'
import { computeActors } from './actors/actors-query.ts'
import { computeDatabaseSchema } from './database-schema.ts'
import { computeEvents } from './events/events-query.ts'
import { computeSessionsTimeline } from './events/sessions-timeline.ts'
import { computeTraces } from './events/traces.ts'
import { computeFunnels } from './funnels/funnels.ts'
import { computeLifecycle } from './lifecycle.ts'
import { computePaths } from './paths.ts'
import { createQueryContext, type QueryContext } from './query-context.ts'
import type { QueryResult, QueryRun } from './query-run.ts'
import { computeRetention } from './retention.ts'
import { computeStickiness } from './stickiness.ts'
import { computeTrends } from './trends/trends.ts'
import { computeWebOverview } from './web/web-overview.ts'
import { computeWebStats } from './web/web-stats.ts'

type Compute = (context: QueryContext) => Promise<QueryResult>

/** The kinds of queries that the local PostHog computes besides HogQLQuery and ExperimentQuery. */
const KINDS: Readonly<Record<string, Compute>> = {
  TrendsQuery: computeTrends,
  LifecycleQuery: computeLifecycle,
  StickinessQuery: computeStickiness,
  RetentionQuery: computeRetention,
  FunnelsQuery: computeFunnels,
  PathsQuery: computePaths,
  EventsQuery: computeEvents,
  ActorsQuery: computeActors,
  SessionsTimelineQuery: computeSessionsTimeline,
  WebOverviewQuery: computeWebOverview,
  WebStatsTableQuery: computeWebStats,
  TracesQuery: computeTraces,
  DatabaseSchemaQuery: async () => computeDatabaseSchema(),
}

/**
 * Computes a query of any kind but HogQLQuery and ExperimentQuery.
 *
 * @throws ApiError 501 `not_implemented_locally` for a kind or an option that the local PostHog does not compute.
 */
export async function runQuery(state: ServerState, run: QueryRun): Promise<QueryResult> {
  const { kind } = run.query
  const compute = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (compute === undefined) throw notImplemented(kind)
  return compute(await createQueryContext(state, run))
}
