import { isObject } from '../../../shared/is-object.ts'
import { notImplemented } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import { breakdownLimit, breakdownsIn, cohortBreakdown, hasBreakdownList, OTHER } from '../breakdown.ts'
import { inCohortHogql, requireCohort } from '../cohort-hogql.ts'
import { compareRange } from '../compare-range.ts'
import { type DateRange, requestedDates } from '../date-range.ts'
import { readInterval, stepDay, stepLabel } from '../interval.ts'
import {
  callerDates,
  type QueryContext,
  queryRange,
  refuseOptions,
  rowsOf,
  samplingFactor,
  scaleSample,
  seriesOf,
} from '../query-context.ts'
import type { QueryResult } from '../query-run.ts'
import { type Series, seriesName } from '../series.ts'
import { isoWithOffset } from '../zoned-time.ts'
import { applyFormula, type FormulaNode, type TrendSeries } from './apply-formula.ts'
import { type Group, groupRows, limitGroups, total } from './groups.ts'
import { type SeriesMath, seriesActor, seriesMath } from './math.ts'
import { seriesSql } from './series-sql.ts'

/** Displays with one number per series instead of steps. */
const TOTAL_DISPLAYS = ['BoldNumber', 'ActionsPie', 'ActionsBarValue', 'WorldMap', 'ActionsTable']
const OTHER_DISPLAYS = ['CalendarHeatmap', 'TwoDimensionalHeatmap', 'BoxPlot']
const CUMULATIVE = 'ActionsLineGraphCumulative'
const WORLD_MAP_LIMIT = 250

/** A series of the query in one period and, with a breakdown by cohort, one cohort. */
interface Part {
  readonly series: Series
  readonly order: number
  readonly range: DateRange
  readonly compareLabel: 'current' | 'previous' | undefined
  readonly cohort: unknown
}

/**
 * Computes a TrendsQuery: numbers by step or in total, for each series and breakdown value.
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/trends/trends_query_runner.py
 */
export async function computeTrends(context: QueryContext): Promise<QueryResult> {
  const { query } = context
  refuseOptions(query, ['conversionGoal', 'aggregation_group_type_index'])
  refuseOptions(query, ['breakdown_path_cleaning'], 'breakdownFilter')
  const display = String(member(query['trendsFilter'], 'display') ?? 'ActionsLineGraph')
  if (OTHER_DISPLAYS.includes(display)) throw notImplemented(`the display ${display} of TrendsQuery`)
  const isTotal = TOTAL_DISPLAYS.includes(display)
  const results: TrendSeries[][] = []
  for (const part of partsOf(context, isTotal)) results.push(await computePart(context, part, display))
  const formulas = formulaNodes(query['trendsFilter'])
  const flat =
    formulas.length === 0 ? results.flat() : formulas.flatMap((node) => withFormula(node, results, context))
  const isOther = ({ breakdown_value }: TrendSeries): boolean =>
    breakdown_value === OTHER || (Array.isArray(breakdown_value) && breakdown_value.includes(OTHER))
  const hidesOther = member(query['breakdownFilter'], 'breakdown_hide_other_aggregation') === true
  return {
    results: hidesOther ? flat.filter((result) => !isOther(result)) : flat,
    hasMore: flat.some(isOther),
  }
}

function partsOf(context: QueryContext, isTotal: boolean): Part[] {
  const { query } = context
  const interval = isTotal ? 'day' : readInterval(query['interval'])
  const range = queryRange(context, interval)
  const previous = compareRange(
    query['compareFilter'],
    range,
    requestedDates(query, callerDates(context.run)),
    context,
  )
  const cohorts = cohortBreakdown(query)
  const all = (cohorts.length === 0 ? [undefined] : cohorts).flatMap((cohort) =>
    seriesOf(query).map((series, order) => ({ series, order, cohort })),
  )
  if (previous === undefined) return all.map((part) => ({ ...part, range, compareLabel: undefined }))
  return [
    ...all.map((part) => ({ ...part, range, compareLabel: 'current' as const })),
    ...all.map((part) => ({ ...part, range: previous, compareLabel: 'previous' as const })),
  ]
}

async function computePart(context: QueryContext, part: Part, display: string): Promise<TrendSeries[]> {
  const { query, run, values } = context
  const { series, range } = part
  const isTotal = TOTAL_DISPLAYS.includes(display)
  const isCumulative = display === CUMULATIVE
  const math = windowMath(series, range, isTotal)
  const isActors = ['dau', 'unique_group'].includes(String(series['math']))
  const cohort =
    part.cohort === undefined || part.cohort === 'all' ? undefined : requireCohort(context, part.cohort)
  const condition = cohort === undefined ? undefined : inCohortHogql(cohort, values, 'person_id')
  const sql = seriesSql(
    { series, math, range, isTotal, countsActorsOnce: isCumulative && isActors, condition },
    context,
  )
  const steps = stepTexts(math, range, isTotal)
  const breakdowns = breakdownsIn(query)
  const groups = groupRows(await rowsOf(context, sql), steps, breakdowns)
  // Without matches, a materialized table gives no series; an inline run gives a series of zeros.
  if (run.tablePrefix !== undefined && groups.every(({ data }) => total(data) === 0)) return []
  const zeros =
    breakdowns.length === 0 && groups.length === 0 ? [{ values: [], data: steps.map(() => 0) }] : groups
  const limit = breakdownLimit(query, display === 'WorldMap' ? WORLD_MAP_LIMIT : undefined)
  const ranked = limitGroups(isCumulative ? zeros.map(accumulate) : zeros, limit)
  const smoothing = Number(member(query['trendsFilter'], 'smoothingIntervals') ?? 1)
  return ranked.map((group) =>
    toSeries(context, part, { ...group, data: smooth(group.data, smoothing) }, display),
  )
}

/** The texts of the steps in the rows of a series. Windows of active users have the number of the step. */
function stepTexts(math: SeriesMath, range: DateRange, isTotal: boolean): string[] {
  if (isTotal) return ['']
  if (math.type === 'active') return range.steps.map((_, index) => String(index + 1))
  return range.steps.map((step) => stepDay(step, range.interval))
}

/** The math of a series. An interval at least as long as the window of active users makes them `dau`. */
function windowMath(series: Series, { interval }: DateRange, isTotal: boolean): SeriesMath {
  const actor = seriesActor(series)
  const math = seriesMath(series, actor)
  if (math.type !== 'active' || isTotal) return math
  if (['hour', 'minute', 'second'].includes(interval)) {
    throw notImplemented(`the math ${String(series['math'])} by ${interval}`)
  }
  const isShort = interval === 'day' || (interval === 'week' && math.days > 7)
  return isShort ? math : { type: 'aggregate', hogql: `count(DISTINCT ${actor})` }
}

function accumulate({ values, data }: Group): Group {
  let sum = 0
  return {
    values,
    data: data.map((value) => {
      sum += value
      return sum
    }),
  }
}

/** Rolling averages of `length` steps, rounded down as in PostHog. */
function smooth(data: readonly number[], length: number): number[] {
  if (!(length > 1)) return [...data]
  return data.map((_, index) => {
    const window = data.slice(Math.max(index - length + 1, 0), index + 1)
    return Math.floor(total(window) / window.length)
  })
}

function toSeries(context: QueryContext, part: Part, group: Group, display: string): TrendSeries {
  const { query, project } = context
  const { series, order, range, compareLabel } = part
  const name = seriesName(series, context)
  const scale = (value: number): number => scaleSample(value, samplingFactor(query), series['math'])
  const data = group.data.map(scale)
  const numbers = TOTAL_DISPLAYS.includes(display)
    ? { data: [], days: [], count: 0, aggregated_value: data[0] ?? 0 }
    : {
        data,
        labels: range.steps.map((step) => stepLabel(step, range.interval)),
        days: range.steps.map((step) => stepDay(step, range.interval)),
        count: display === CUMULATIVE ? (data.at(-1) ?? 0) : total(data),
      }
  return {
    action: {
      days: range.steps.map((step) => isoWithOffset(step, project.timezone)),
      id: name,
      type: 'events',
      order,
      name: name ?? 'All events',
      custom_name: series['custom_name'] ?? null,
      math: series['math'] ?? null,
      math_property: series['math_property'] ?? null,
      math_hogql: series['math_hogql'] ?? null,
      math_group_type_index: series['math_group_type_index'] ?? null,
      properties: {},
    },
    label: name ?? 'All events',
    ...numbers,
    ...(compareLabel === undefined ? {} : { compare: true, compare_label: compareLabel }),
    ...breakdownFields(context, part, group, name ?? 'All events'),
  }
}

function breakdownFields(
  context: QueryContext,
  { cohort }: Part,
  { values }: Group,
  name: string,
): { readonly label?: string; readonly breakdown_value?: unknown } {
  const { query } = context
  const withName = (label: string): string => (seriesOf(query).length > 1 ? `${name} - ${label}` : label)
  if (cohort === 'all') return { label: withName('all users'), breakdown_value: 'all' }
  if (cohort !== undefined) {
    return { label: withName(requireCohort(context, cohort).name), breakdown_value: Number(cohort) }
  }
  if (values.length === 0) return {}
  return {
    label: withName(values.join('::')),
    breakdown_value: hasBreakdownList(query) ? values : values[0],
  }
}

/** The formulas of a trend: nodes, or texts of older queries. */
function formulaNodes(filter: unknown): FormulaNode[] {
  const nodes = member(filter, 'formulaNodes')
  if (Array.isArray(nodes) && nodes.length > 0) {
    return nodes.filter(isObject).map((node) => ({ ...node, formula: String(node['formula']) }))
  }
  const formulas = member(filter, 'formulas')
  if (Array.isArray(formulas) && formulas.length > 0)
    return formulas.map((formula) => ({ formula: String(formula) }))
  const formula = member(filter, 'formula')
  return typeof formula === 'string' && formula !== '' ? [{ formula }] : []
}

function withFormula(
  node: FormulaNode,
  results: readonly TrendSeries[][],
  { query }: QueryContext,
): TrendSeries[] {
  const hasBreakdown = breakdownsIn(query).length > 0 || cohortBreakdown(query).length > 0
  const count = seriesOf(query).length
  // Results of a breakdown by cohort are listed by cohort; a formula needs them by series.
  const bySeries = (part: readonly TrendSeries[][]): TrendSeries[][] =>
    Array.from({ length: count }, (_, order) => part.filter((_list, index) => index % count === order).flat())
  if (member(query['compareFilter'], 'compare') !== true)
    return applyFormula(node, bySeries(results), hasBreakdown)
  const half = results.length / 2
  return [results.slice(0, half), results.slice(half)].flatMap((part) =>
    applyFormula(node, bySeries(part), hasBreakdown),
  )
}
