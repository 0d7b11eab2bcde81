import { invalid, notImplemented } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import { breakdownsIn, cohortBreakdown } from '../breakdown.ts'
import type { QueryContext } from '../query-context.ts'
import { readActors, stepsOf } from './funnel-events.ts'
import { funnelRules } from './funnel-rules.ts'
import { walkFunnel } from './walk-funnel.ts'

const MAX_BINS = 90
const MAX_AUTOMATIC_BINS = 60
/** Width of the bins in seconds when all times are equal. */
const DEFAULT_WIDTH = 60

/** A histogram of conversion times: the start of each bin in seconds, with its number of actors. */
export interface TimeToConvert {
  readonly bins: readonly (readonly [seconds: number, actors: number])[]
  readonly average_conversion_time: number | null
}

/**
 * Computes the time to convert from `funnelFromStep` to `funnelToStep`. Default: from the first step to the last.
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/funnels/funnel_time_to_convert_udf.py
 */
export async function computeTimeToConvert(context: QueryContext): Promise<TimeToConvert> {
  const { query } = context
  if (breakdownsIn(query).length > 0 || cohortBreakdown(query).length > 0) {
    throw notImplemented('breakdowns of the time to convert')
  }
  const filter = query['funnelsFilter']
  const steps = stepsOf(context)
  const from = Number(member(filter, 'funnelFromStep') ?? 0)
  const to = Number(member(filter, 'funnelToStep') ?? 0) || steps.length - 1
  if (!(to > 0 && to < steps.length)) {
    const choices = steps.slice(1).map((_, index) => index + 1)
    throw invalid(
      null,
      `Filter parameter funnel_to_step can only be one of ${choices.join(', ')} for time to convert!`,
    )
  }
  const rules = funnelRules(filter, steps.length)
  const seconds = (await readActors(context, steps)).flatMap(({ events }) => {
    const attempt = walkFunnel(events, rules)
    if (attempt === undefined || attempt.excluded !== 'no' || attempt.times.length <= to) return []
    return [((attempt.times[to] ?? 0) - (attempt.times[from] ?? 0)) / 1_000]
  })
  return histogram(seconds, member(filter, 'binCount'))
}

function histogram(seconds: readonly number[], requested: unknown): TimeToConvert {
  const automatic = Math.min(MAX_AUTOMATIC_BINS, Math.max(1, Math.ceil(Math.cbrt(seconds.length))))
  const count =
    typeof requested === 'number' ? Math.min(MAX_BINS, Math.max(1, Math.floor(requested))) : automatic
  const min = seconds.length === 0 ? 0 : Math.floor(Math.min(...seconds))
  const max = seconds.length === 0 ? 0 : Math.ceil(Math.max(...seconds))
  const width = Math.ceil((max - min) / count) || DEFAULT_WIDTH
  const bins = Array.from({ length: count + 1 }, (_, bin) => {
    const actors = seconds.filter((time) => Math.floor((time - min) / width) === bin).length
    return [Math.round(min + bin * width), actors] as const
  })
  const total = seconds.reduce((sum, time) => sum + time, 0)
  return { bins, average_conversion_time: seconds.length === 0 ? null : total / seconds.length }
}
