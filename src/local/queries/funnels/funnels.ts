import { notImplemented } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import { breakdownLimit, breakdownsIn, cohortBreakdown } from '../breakdown.ts'
import { requireCohort } from '../cohort-hogql.ts'
import { type QueryContext, samplingFactor, scaleSample } from '../query-context.ts'
import type { QueryResult } from '../query-run.ts'
import { type Series, seriesName } from '../series.ts'
import { attribute } from './attribution.ts'
import { readActors, stepsOf } from './funnel-events.ts'
import { funnelRules } from './funnel-rules.ts'
import { computeFunnelTrends } from './funnel-trends.ts'
import { computeTimeToConvert } from './time-to-convert.ts'
import { type Attempt, walkFunnel } from './walk-funnel.ts'

/** The attempts of one breakdown value. */
interface FunnelGroup {
  readonly value: unknown
  readonly label: unknown
  readonly attempts: Attempt[]
}

/**
 * Computes a FunnelsQuery: steps, a trend of the conversion rate, or the time to convert.
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/funnels/funnel_udf.py
 */
export async function computeFunnels(context: QueryContext): Promise<QueryResult> {
  const type = String(member(context.query['funnelsFilter'], 'funnelVizType') ?? 'steps')
  if (type === 'trends') return { results: await computeFunnelTrends(context) }
  if (type === 'time_to_convert') return { results: await computeTimeToConvert(context) }
  if (type !== 'steps') throw notImplemented(`the funnelVizType ${type}`)
  const { query } = context
  const steps = stepsOf(context)
  const hasBreakdown = breakdownsIn(query).length > 0 || cohortBreakdown(query).length > 0
  const groups = await readGroups(context, steps)
  const counted = groups.filter(({ attempts }) => attempts.length > 0)
  if (!hasBreakdown) return { results: counted.flatMap((group) => stepResults(context, steps, group, false)) }
  const sorted = limitGroups(context, counted, steps.length)
  return { results: sorted.map((group) => stepResults(context, steps, group, true)) }
}

async function readGroups(context: QueryContext, steps: readonly Series[]): Promise<FunnelGroup[]> {
  const { query } = context
  const filter = query['funnelsFilter']
  const rules = funnelRules(filter, steps.length)
  const groups = new Map<string, FunnelGroup>()
  const add = (value: unknown, label: unknown, attempt: Attempt | undefined): void => {
    const key = JSON.stringify(value)
    const group = groups.get(key) ?? { value, label, attempts: [] }
    groups.set(key, group)
    if (attempt !== undefined && attempt.excluded === 'no') group.attempts.push(attempt)
  }
  const cohorts = cohortBreakdown(query)
  for (const cohort of cohorts.length === 0 ? [undefined] : cohorts) {
    for (const actor of await readActors(context, steps, cohort)) {
      if (cohort !== undefined) {
        const [id, name] =
          cohort === 'all' ? [0, 'all users'] : [Number(cohort), requireCohort(context, cohort).name]
        add(id, name, walkFunnel(actor.events, rules))
        continue
      }
      for (const { values, events, accepts } of attribute(actor, filter)) {
        const value = breakdownValue(context, values)
        add(value, value, walkFunnel(events, accepts === undefined ? rules : { ...rules, accepts }))
      }
    }
  }
  return [...groups.values()]
}

/** The value of a breakdown in a response: a list, or a text for groups. */
export function breakdownValue({ query }: QueryContext, values: readonly string[]): unknown {
  const [breakdown] = breakdownsIn(query)
  return breakdown?.type === 'group' ? values[0] : values
}

/** Sorts groups by conversions, and combines those of properties beyond the limit. */
function limitGroups({ query }: QueryContext, groups: readonly FunnelGroup[], steps: number): FunnelGroup[] {
  const counts = new Map(groups.map((group) => [group, reached(group.attempts, steps)]))
  const sorted = [...groups].sort((a, b) => compareCounts(counts.get(b) ?? [], counts.get(a) ?? []))
  const [breakdown] = breakdownsIn(query)
  if (breakdown === undefined || !['event', 'person', 'group'].includes(breakdown.type)) return sorted
  const limit = breakdownLimit(query)
  const rest = sorted.slice(limit)
  if (rest.length === 0) return sorted
  const other = breakdown.type === 'group' ? 'Other' : ['Other']
  const combined = { value: other, label: other, attempts: rest.flatMap(({ attempts }) => attempts) }
  return [...sorted.slice(0, limit), combined].sort((a, b) =>
    compareCounts(reached(b.attempts, steps), reached(a.attempts, steps)),
  )
}

function compareCounts(a: readonly number[], b: readonly number[]): number {
  for (let step = a.length - 1; step >= 0; step -= 1) {
    const difference = (a[step] ?? 0) - (b[step] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** Number of attempts that reached each step. */
function reached(attempts: readonly Attempt[], steps: number): number[] {
  return Array.from(
    { length: steps },
    (_, step) => attempts.filter(({ times }) => times.length > step).length,
  )
}

function stepResults(
  context: QueryContext,
  steps: readonly Series[],
  { value, label, attempts }: FunnelGroup,
  hasBreakdown: boolean,
): unknown[] {
  const counts = reached(attempts, steps.length)
  return steps.map((series, order) => {
    const durations = attempts
      .filter(({ times }) => times.length > order && order > 0)
      .map(({ times }) => ((times[order] ?? 0) - (times[order - 1] ?? 0)) / 1_000)
      .filter((seconds) => seconds > 0)
    const isAction = series['kind'] === 'ActionsNode'
    const name = seriesName(series, context)
    return {
      action_id: isAction ? series['id'] : name,
      name,
      custom_name: series['custom_name'] ?? null,
      order,
      people: [],
      count: scaleSample(counts[order] ?? 0, samplingFactor(context.query)),
      type: isAction ? 'actions' : 'events',
      average_conversion_time: average(durations),
      median_conversion_time: median(durations),
      ...(hasBreakdown ? { breakdown: label, breakdown_value: value } : {}),
    }
  })
}

function average(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length
}

function median(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}
