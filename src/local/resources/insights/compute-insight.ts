import { invalid } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import type { InsightRun } from './insight-run.ts'
import { computeLifecycle } from './lifecycle.ts'
import { computeTrends } from './trends.ts'

/** Computes an insight's `results`. Kinds without an exact computation are refused: numbers are never made up. */
export async function computeInsight(world: ServerState, run: InsightRun): Promise<unknown[]> {
  if (run.query.kind === 'TrendsQuery') return computeTrends(world, run)
  if (run.query.kind === 'LifecycleQuery') return computeLifecycle(world, run)
  const computed = 'HogQLQuery, TrendsQuery and LifecycleQuery'
  throw invalid('query', `The local PostHog does not compute ${run.query.kind}; it computes ${computed}.`)
}
