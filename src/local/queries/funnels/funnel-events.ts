import { isObject } from '../../../shared/is-object.ts'
import { invalid, notImplemented } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import { type Breakdown, breakdownsIn } from '../breakdown.ts'
import { breakdownField } from '../breakdown-hogql.ts'
import { inCohortHogql, requireCohort } from '../cohort-hogql.ts'
import { allOf, anyOf } from '../hogql-values.ts'
import { readInterval } from '../interval.ts'
import { expressionHogql } from '../property-hogql.ts'
import {
  actorField,
  type QueryContext,
  queryRange,
  rangeFilters,
  rowsOf,
  seriesOf,
} from '../query-context.ts'
import { type Series, seriesHogql } from '../series.ts'

/** An event of an actor in a funnel. */
export interface FunnelEvent {
  /** Milliseconds since 1970. */
  readonly time: number
  /** Numbers of the steps that it matches, from 1. */
  readonly steps: readonly number[]
  /** Numbers of the steps after which it excludes the actor. */
  readonly exclusions: readonly number[]
  /** Values of the breakdowns. */
  readonly values: readonly string[]
}

/** An actor with its events in order of time. */
export interface FunnelActor {
  readonly id: string
  readonly events: readonly FunnelEvent[]
}

/** The steps of a funnel. @throws ApiError 400 for fewer than two, 501 for steps that are not computed. */
export function stepsOf({ query }: QueryContext): readonly Series[] {
  const series = seriesOf(query)
  if (series.length < 2) {
    throw invalid(null, 'Funnels require at least two steps.', 'funnels_require_at_least_two_steps')
  }
  for (const step of series) {
    const math = step['math'] ?? 'total'
    if (math !== 'total') throw notImplemented(`the math ${String(math)} of FunnelsQuery`)
    if (step['optionalInFunnel'] === true) throw notImplemented('optional steps of FunnelsQuery')
  }
  return series
}

/** Reads the events of a funnel by actor. `cohort` limits it to the members of a cohort. */
export async function readActors(
  context: QueryContext,
  steps: readonly Series[],
  cohort?: unknown,
): Promise<FunnelActor[]> {
  const rows = await rowsOf(context, actorsSql(context, steps, cohort))
  return rows.map(([id, times, marks, values]) => ({
    id: String(id),
    events: eventsOf(times, marks, values),
  }))
}

function actorsSql(context: QueryContext, steps: readonly Series[], cohort: unknown): string {
  const { query, values } = context
  const filter = query['funnelsFilter']
  const breakdowns = breakdownsIn(query)
  if (breakdowns.some(({ bins }) => bins !== undefined)) throw notImplemented('bins of a FunnelsQuery')
  const conditions = steps.map((step) => seriesHogql(step, context))
  const exclusions = exclusionsOf(filter, steps.length).map(({ series, after }) => ({
    condition: seriesHogql(series, context),
    after,
  }))
  const isStrict = member(filter, 'funnelOrderType') === 'strict'
  const range = queryRange(context, readInterval(query['interval']))
  const relevant = anyOf([...conditions, ...exclusions.map(({ condition }) => condition)])
  const inCohort =
    cohort === undefined || cohort === 'all'
      ? []
      : [inCohortHogql(requireCohort(context, cohort), values, 'person_id')]
  // Any other event between two steps breaks a strict funnel.
  const where = allOf([...rangeFilters(context, range), ...(isStrict ? [] : [relevant]), ...inCohort])
  const marks = [
    ...conditions.map((condition, index) => `if(${condition}, ${index + 1}, 0)`),
    ...exclusions.flatMap(({ condition, after }) => after.map((step) => `if(${condition}, -${step}, 0)`)),
  ]
  const rows = [
    `SELECT ${funnelActor(query)} AS actor, toUnixTimestamp64Milli(timestamp) AS time,`,
    `arrayFilter(x -> x != 0, [${marks.join(', ')}]) AS marks, ${valuesHogql(breakdowns)} AS found`,
    `FROM events WHERE ${where}`,
  ].join(' ')
  return `SELECT toString(actor), groupArray(time), groupArray(marks), groupArray(found) FROM (${rows}) WHERE isNotNull(actor) GROUP BY actor LIMIT 50000`
}

/** HogQL field of the actors of a funnel: persons, groups, or any expression. */
function funnelActor(query: Readonly<Record<string, unknown>>): string {
  const expression = member(query['funnelsFilter'], 'funnelAggregateByHogQL')
  if (typeof expression === 'string' && expression !== '' && expression !== 'person_id') {
    return expressionHogql(expression)
  }
  return actorField(query)
}

function valuesHogql(breakdowns: readonly Breakdown[]): string {
  const values = breakdowns.map((breakdown) => `ifNull(toString(${breakdownField(breakdown)}), '')`)
  return values.length === 0 ? `['']` : `[${values.join(', ')}]`
}

function exclusionsOf(filter: unknown, count: number): { series: Series; after: number[] }[] {
  const exclusions = member(filter, 'exclusions')
  return (Array.isArray(exclusions) ? exclusions.filter(isObject) : []).map((exclusion) => {
    const [from, to] = [Number(exclusion['funnelFromStep']), Number(exclusion['funnelToStep'])]
    if (from >= to) {
      throw invalid(null, 'Exclusion event range is invalid. End of range should be greater than start.')
    }
    if (from >= count - 1) {
      throw invalid(null, 'Exclusion event range is invalid. Start of range is greater than number of steps.')
    }
    if (to > count - 1) {
      throw invalid(null, 'Exclusion event range is invalid. End of range is greater than number of steps.')
    }
    const kind = exclusion['kind'] === 'ActionsNode' ? 'ActionsNode' : 'EventsNode'
    const after = Array.from({ length: to - from }, (_, index) => from + index + 1)
    return { series: { ...exclusion, kind }, after }
  })
}

function eventsOf(times: unknown, marks: unknown, values: unknown): FunnelEvent[] {
  const [marksOf, valuesOf] = [marks, values].map((cells) => (Array.isArray(cells) ? cells : []))
  const events = (Array.isArray(times) ? times : []).map((time, index) => {
    const numbers = (marksOf?.[index] as unknown[] | undefined)?.map(Number) ?? []
    const texts = (valuesOf?.[index] as unknown[] | undefined)?.map(String) ?? []
    return {
      time: Number(time),
      steps: numbers.filter((mark) => mark > 0),
      exclusions: numbers.filter((mark) => mark < 0).map((mark) => -mark),
      values: texts,
    }
  })
  return events.sort((a, b) => a.time - b.time)
}
