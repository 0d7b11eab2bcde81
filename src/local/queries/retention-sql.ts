import { isObject } from '../../shared/is-object.ts'
import { notImplemented } from '../http/api-error.ts'
import { member } from '../http/json.ts'
import type { Breakdown } from './breakdown.ts'
import { breakdownField } from './breakdown-hogql.ts'
import { inCohortHogql, requireCohort } from './cohort-hogql.ts'
import { timeHogql } from './date-range.ts'
import { allOf } from './hogql-values.ts'
import { type Interval, stepHogql } from './interval.ts'
import { actorField, type QueryContext, queryFilters } from './query-context.ts'
import { eventsHogql, seriesHogql } from './series.ts'

const DEFAULT_ENTITY = { id: '$pageview', type: 'events' }

/** The intervals of a retention table. */
export interface RetentionRange {
  readonly interval: Interval
  /** Wall dates of the starts of the intervals. */
  readonly steps: readonly Date[]
  readonly from: Date
  /** Exclusive. */
  readonly to: Date
  /** Sizes of the columns in intervals, after the first. */
  readonly brackets: readonly number[]
}

/** HogQL of the activity: breakdown value, start intervals, return intervals, first interval of all time, actors. */
export function activitySql(
  context: QueryContext,
  range: RetentionRange,
  breakdown: Breakdown | undefined,
  cohort: unknown,
): string {
  const { query, project, values } = context
  const filter = query['retentionFilter']
  const type = String(member(filter, 'retentionType') ?? 'retention_recurring')
  const target = entitySeries(member(filter, 'targetEntity'))
  const start = seriesHogql(target, context)
  const returning = seriesHogql(entitySeries(member(filter, 'returningEntity')), context)
  const inRange = `timestamp >= ${timeHogql(range.from, values)} AND timestamp < ${timeHogql(range.to, values)}`
  const actor = actorField(query)
  const step = stepHogql(range.interval, 'timestamp', project, values)
  const members = cohort === undefined || cohort === 'all' || Number(cohort) === 0
  const conditions = [
    ...queryFilters(context),
    ...(type === 'retention_recurring' ? [inRange] : []),
    ...(type === 'retention_first_ever_occurrence' ? [] : [`(${start}) OR (${returning})`]),
    ...(members ? [] : [inCohortHogql(requireCohort(context, cohort), values, 'person_id')]),
    `isNotNull(${actor})`,
  ]
  const anyTarget = eventsHogql(target, context)
  const earliest = `minIf(timestamp, ${start})`
  const firstEver = `if(minIf(timestamp, ${anyTarget}) = ${earliest}, ${earliest}, toDateTime64('1970-01-01 00:00:00', 6, 'UTC'))`
  const first = type === 'retention_first_ever_occurrence' ? firstEver : earliest
  const value = breakdownText(breakdown, cohort, context)
  const isConstant = breakdown === undefined
  const grouped = isConstant
    ? value
    : type === 'retention_first_ever_occurrence'
      ? `argMinIf(${value}, timestamp, ${anyTarget})`
      : value
  const byValue = isConstant || type === 'retention_first_ever_occurrence' ? '' : ', value'
  const inner = [
    `SELECT ${grouped} AS value, ${actor} AS actor, groupUniqArrayIf(${step}, (${start}) AND (${inRange})) AS starts,`,
    `groupArrayIf(${step}, (${returning}) AND (${inRange})) AS returns, ${first} AS first_time`,
    `FROM events WHERE ${allOf(conditions)} GROUP BY actor${byValue}`,
  ].join(' ')
  const firstStep = stepHogql(range.interval, 'first_time', project, values)
  const history = `SELECT value, arraySort(starts) AS starts, arraySort(returns) AS returns, ${firstStep} AS first FROM (${inner}) WHERE notEmpty(starts)`
  return `SELECT value, starts, returns, first, count() FROM (${history}) GROUP BY value, starts, returns, first LIMIT 50000`
}

function breakdownText(breakdown: Breakdown | undefined, cohort: unknown, { values }: QueryContext): string {
  if (cohort !== undefined) return values.add(cohort === 'all' ? '0' : String(cohort))
  return breakdown === undefined ? `''` : `ifNull(toString(${breakdownField(breakdown)}), '')`
}

/** A retention entity in the form of a series. */
function entitySeries(entity: unknown): Record<string, unknown> {
  const { id, type, properties, kind } = isObject(entity)
    ? entity
    : (DEFAULT_ENTITY as Record<string, unknown>)
  if (type === 'data_warehouse') throw notImplemented('retention of the data warehouse')
  return type === 'actions' || kind === 'ActionsNode'
    ? { kind: 'ActionsNode', id, properties }
    : { kind: 'EventsNode', event: id, properties }
}
