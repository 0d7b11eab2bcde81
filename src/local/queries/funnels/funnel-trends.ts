import { notImplemented } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import { breakdownsIn, cohortBreakdown } from '../breakdown.ts'
import { readInterval, startOf, stepDay, stepLabel } from '../interval.ts'
import { type QueryContext, queryRange } from '../query-context.ts'
import { toWall } from '../zoned-time.ts'
import { attribute } from './attribution.ts'
import { type FunnelEvent, readActors, stepsOf } from './funnel-events.ts'
import { funnelRules } from './funnel-rules.ts'
import { type FunnelRules, walkFunnel } from './walk-funnel.ts'

/** Actors of one breakdown value by interval of their first step. */
interface Conversions {
  readonly value: readonly string[]
  readonly entered: number[]
  readonly converted: number[]
}

/**
 * Computes a trend of the conversion rate in percent, by the interval of the first step.
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/funnels/funnel_trends_udf.py
 */
export async function computeFunnelTrends(context: QueryContext): Promise<unknown[]> {
  const { query, project } = context
  const filter = query['funnelsFilter']
  if (cohortBreakdown(query).length > 0) throw notImplemented('cohort breakdowns of funnel trends')
  const to = member(filter, 'funnelToStep')
  const all = stepsOf(context)
  const steps = typeof to === 'number' ? all.slice(0, to + 1) : all
  const rules = funnelRules(filter, steps.length)
  if (rules.order === 'unordered') throw notImplemented('trends of unordered funnels')
  const from = Number(member(filter, 'funnelFromStep') ?? 0)
  const interval = readInterval(query['interval'])
  const range = queryRange(context, interval)
  const position = new Map(range.steps.map((step, index) => [step.getTime(), index]))
  const intervalOf = ({ time }: FunnelEvent): number | undefined => {
    const wall = toWall(new Date(time), project.timezone)
    return position.get(startOf(wall, interval, project.startsWeekOnMonday).getTime())
  }
  const zeros = (): number[] => range.steps.map(() => 0)
  const groups = new Map<string, Conversions>()
  for (const actor of await readActors(context, steps)) {
    for (const { values, events, accepts } of attribute(actor, filter)) {
      const key = JSON.stringify(values)
      const group = groups.get(key) ?? { value: values, entered: zeros(), converted: zeros() }
      groups.set(key, group)
      addConversions(group, events, accepts === undefined ? rules : { ...rules, accepts }, from, intervalOf)
    }
  }
  const hasBreakdown = breakdownsIn(query).length > 0
  if (!hasBreakdown && groups.size === 0) groups.set('', { value: [], entered: zeros(), converted: zeros() })
  const size = ({ entered }: Conversions): number => entered.reduce((sum, count) => sum + count, 0)
  const sorted = [...groups.values()].sort((a, b) => size(b) - size(a))
  return sorted.map(({ value, entered, converted }) => ({
    count: range.steps.length,
    data: entered.map((count, index) => (count === 0 ? 0 : percent((converted[index] ?? 0) / count))),
    days: range.steps.map((step) => stepDay(step, interval)),
    labels: range.steps.map((step) => stepLabel(step, interval).split(' ')[0]),
    ...(hasBreakdown ? { breakdown_value: value } : {}),
  }))
}

/** Counts an actor once in each interval in which it enters the funnel. */
function addConversions(
  { entered, converted }: Conversions,
  events: readonly FunnelEvent[],
  rules: FunnelRules,
  from: number,
  intervalOf: (event: FunnelEvent) => number | undefined,
): void {
  const intervals = new Set(events.filter(({ steps }) => steps.includes(1)).map(intervalOf))
  const attempts = [...intervals].flatMap((interval) => {
    if (interval === undefined) return []
    const accepts: FunnelRules['accepts'] = (event, step) =>
      (step > 1 || intervalOf(event) === interval) && rules.accepts?.(event, step) !== false
    const attempt = walkFunnel(events, { ...rules, accepts })
    return attempt === undefined ? [] : [{ interval, attempt }]
  })
  // An actor who passes an exclusion counts only where it converts.
  const isExcluded = attempts.some(({ attempt }) => attempt.excluded === 'passed')
  for (const { interval, attempt } of attempts) {
    if (attempt.excluded !== 'no') continue
    const isConverted = attempt.times.length === rules.steps
    if (!isConverted && (isExcluded || attempt.times.length < from + 1)) continue
    entered[interval] = (entered[interval] ?? 0) + 1
    if (isConverted) converted[interval] = (converted[interval] ?? 0) + 1
  }
}

function percent(part: number): number {
  return Math.round(part * 10_000) / 100
}
