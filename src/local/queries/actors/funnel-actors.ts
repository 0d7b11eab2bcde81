import { invalid, notImplemented } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import { cohortBreakdown } from '../breakdown.ts'
import { attribute } from '../funnels/attribution.ts'
import { readActors, stepsOf } from '../funnels/funnel-events.ts'
import { funnelRules } from '../funnels/funnel-rules.ts'
import { walkFunnel } from '../funnels/walk-funnel.ts'
import type { QueryContext } from '../query-context.ts'

/**
 * Ids of the persons who reach a step of a funnel (`funnelStep: 2`), or who leave before it (`funnelStep: -2`).
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/funnels/funnel_udf.py
 */
export async function funnelActorIds(
  source: Readonly<Record<string, unknown>>,
  context: QueryContext,
): Promise<string[]> {
  const { query } = context
  const filter = query['funnelsFilter']
  if ((member(filter, 'funnelVizType') ?? 'steps') !== 'steps')
    throw notImplemented('the actors of funnel trends')
  if (typeof query['aggregation_group_type_index'] === 'number' || member(filter, 'funnelAggregateByHogQL')) {
    throw notImplemented('the actors of a funnel that does not count persons')
  }
  if (cohortBreakdown(query).length > 0) throw notImplemented('the actors of a funnel by cohort')
  const steps = stepsOf(context)
  const step = Number(source['funnelStep'])
  if (!Number.isInteger(step) || step === 0 || step === -1 || Math.abs(step) > steps.length) {
    throw invalid(
      'funnelStep',
      `Expected funnelStep to be a step from 1 to ${steps.length}, or -2 to -${steps.length}.`,
    )
  }
  const rules = funnelRules(filter, steps.length)
  const breakdown = source['funnelStepBreakdown']
  const chosen =
    breakdown === undefined || breakdown === null ? undefined : [breakdown].flat().map(String).join()
  const isActor = (length: number): boolean => (step > 0 ? length >= step : length === -step - 1)
  return (await readActors(context, steps)).flatMap((actor) => {
    const matching = attribute(actor, filter).some(({ values, events, accepts }) => {
      if (chosen !== undefined && values.join() !== chosen) return false
      const attempt = walkFunnel(events, accepts === undefined ? rules : { ...rules, accepts })
      return attempt !== undefined && attempt.excluded === 'no' && isActor(attempt.times.length)
    })
    return matching ? [actor.id] : []
  })
}
