import { breakdownsIn } from '../breakdown.ts'
import { breakdownField, breakdownHogql } from '../breakdown-hogql.ts'
import { type DateRange, inRangeHogql, timeHogql } from '../date-range.ts'
import { allOf } from '../hogql-values.ts'
import { addSteps, stepHogql } from '../interval.ts'
import { type QueryContext, queryFilters } from '../query-context.ts'
import { eventsHogql, type Series, seriesHogql } from '../series.ts'
import { toInstant } from '../zoned-time.ts'
import { type SeriesMath, seriesActor } from './math.ts'

/** One series of a trend in one period. */
export interface SeriesPeriod {
  readonly series: Series
  readonly math: SeriesMath
  readonly range: DateRange
  /** Whether the trend has one total instead of steps. */
  readonly isTotal: boolean
  /** Whether each actor counts once, in the first step. */
  readonly countsActorsOnce: boolean
  /** Further condition, such as membership of a cohort. */
  readonly condition: string | undefined
}

/**
 * HogQL of a series, one row per step and breakdown values: the step (`''` for a total), the breakdown values, the
 * number.
 */
export function seriesSql(period: SeriesPeriod, context: QueryContext): string {
  const { series, math, isTotal, countsActorsOnce } = period
  const actor = seriesActor(series)
  const breakdowns = breakdownColumns(context)
  const names = breakdowns.map((_, index) => `b${index}`)
  const columns = breakdowns.map((column, index) => `${column} AS b${index}`)
  const keys = ['step', ...names].join(', ')
  const step = isTotal ? `''` : stepHogql(period.range.interval, 'timestamp', context.project, context.values)
  const select = (items: readonly string[], more: string): string =>
    `SELECT ${items.join(', ')} FROM events WHERE ${conditionOf(period, context)} ${more}`
  const limit = 'LIMIT 50000'
  switch (math.type) {
    case 'aggregate':
      if (countsActorsOnce) {
        const first = select(
          [`min(${step}) AS step`, ...columns, `${actor} AS actor`],
          `GROUP BY actor${list(names)}`,
        )
        return `SELECT ${keys}, count() AS value FROM (${first}) GROUP BY ${keys} ${limit}`
      }
      return select([`${step} AS step`, ...columns, `${math.hogql} AS value`], `GROUP BY ${keys} ${limit}`)
    case 'perActor': {
      const counts = select(
        [`${step} AS step`, ...columns, `${actor} AS actor`, 'count() AS total'],
        `GROUP BY ${keys}, actor`,
      )
      return `SELECT ${keys}, ${math.aggregate}(total) AS value FROM (${counts}) GROUP BY ${keys} ${limit}`
    }
    case 'sessionDuration': {
      const sessions = select(
        [`${step} AS step`, ...columns, 'any(session.$session_duration) AS duration'],
        `GROUP BY ${keys}, $session_id`,
      )
      return `SELECT ${keys}, ${math.aggregate}(duration) AS value FROM (${sessions}) GROUP BY ${keys} ${limit}`
    }
    case 'active': {
      const rows = select(
        [`${activeSteps(period, math.days, context)} AS step`, ...columns, `${actor} AS actor`],
        '',
      )
      const group = isTotal ? `'' AS step${list(names)}` : keys
      return `SELECT ${group}, count(DISTINCT actor) AS value FROM (${rows}) GROUP BY ${keys} ${limit}`
    }
    case 'firstTime':
      return firstTimeSql(period, math.matching, columns, names, context)
  }
}

function list(names: readonly string[]): string {
  return names.map((name) => `, ${name}`).join('')
}

/** HogQL of the breakdown values. Numbers in bins stay numbers. */
function breakdownColumns({ query }: QueryContext): string[] {
  return breakdownsIn(query).map((breakdown) =>
    breakdown.bins === undefined
      ? breakdownHogql(breakdown)
      : `toFloat(toString(${breakdownField(breakdown)}))`,
  )
}

function conditionOf({ series, range, math, condition }: SeriesPeriod, context: QueryContext): string {
  const from =
    math.type === 'active' ? windowOf(range.steps[0] ?? range.from, math.days, context).after : range.from
  const conditions = [inRangeHogql({ ...range, from }, context.values), seriesHogql(series, context)]
  return allOf([...conditions, ...queryFilters(context), ...(condition === undefined ? [] : [condition])])
}

/** The steps whose window of days contains the event, one row each. */
function activeSteps({ range, isTotal }: SeriesPeriod, days: number, context: QueryContext): string {
  const { values } = context
  const windows = range.steps.map((step) => windowOf(step, days, context))
  const seconds = (dates: readonly Date[]): string => values.add(dates.map((date) => date.getTime() / 1_000))
  const after = seconds(windows.map((window) => window.after))
  const until = seconds(windows.map((window) => window.until))
  const time = 'toUnixTimestamp(timestamp)'
  const matching = `arrayFilter(i -> ${time} >= ${after}[i] AND ${time} < ${until}[i], range(1, ${windows.length + 1}))`
  return isTotal ? `arrayJoin(arraySlice(${matching}, 1, 1))` : `arrayJoin(${matching})`
}

function windowOf(
  step: Date,
  days: number,
  { project: { timezone } }: QueryContext,
): { after: Date; until: Date } {
  return {
    after: toInstant(addSteps(step, 'day', 1 - days), timezone),
    until: toInstant(addSteps(step, 'day', 1), timezone),
  }
}

/**
 * Persons whose first event is in the range. Without `matching`, their first event of this name must also match the
 * filters.
 */
function firstTimeSql(
  period: SeriesPeriod,
  matching: boolean,
  columns: readonly string[],
  names: readonly string[],
  context: QueryContext,
): string {
  const { series, range, isTotal, condition } = period
  const filters = allOf([
    seriesHogql(series, context),
    ...queryFilters(context),
    ...(condition === undefined ? [] : [condition]),
  ])
  const events = allOf([eventsHogql(series, context), `timestamp <= ${timeHogql(range.to, context.values)}`])
  const firstValues = columns.map((column, index) => {
    const hogql = column.slice(0, column.lastIndexOf(' AS '))
    return `argMinIf(${hogql}, timestamp, ${filters}) AS b${index}`
  })
  const persons = [
    `SELECT minIf(timestamp, ${filters}) AS first_time, min(timestamp) AS earliest, countIf(${filters}) AS matches`,
    `${firstValues.map((value) => `, ${value}`).join('')} FROM events WHERE ${events} GROUP BY ${seriesActor(series)}`,
  ].join('')
  const step = isTotal ? `''` : stepHogql(range.interval, 'first_time', context.project, context.values)
  const isFirst = matching ? [] : ['first_time = earliest']
  const where = allOf(['matches > 0', ...isFirst, inRangeHogql(range, context.values, 'first_time')])
  const keys = ['step', ...names].join(', ')
  return `SELECT ${[`${step} AS step`, ...names].join(', ')}, count() AS value FROM (${persons}) WHERE ${where} GROUP BY ${keys} LIMIT 50000`
}
