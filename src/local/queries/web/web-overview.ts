import { type QueryContext, rowsOf } from '../query-context.ts'
import type { QueryResult } from '../query-run.ts'
import { toWall, wallText } from '../zoned-time.ts'
import { inPeriods, periodColumns, sessionsSql, viewsHogql, webPeriods } from './web-sessions.ts'

type Kind = 'unit' | 'duration_s' | 'percentage'

/** The figures of an overview: key, kind, aggregate over sessions, and whether an increase is bad. */
const FIGURES: readonly (readonly [string, Kind, (condition: string) => string, true?])[] = [
  ['visitors', 'unit', (condition) => `uniqIf(person, ${condition})`],
  ['views', 'unit', (condition) => `sumIf(views, ${condition})`],
  ['sessions', 'unit', (condition) => `uniqIf(id, ${condition})`],
  ['session duration', 'duration_s', (condition) => `avgIf(duration, ${condition})`],
  ['bounce rate', 'percentage', (condition) => `avgIf(is_bounce, ${condition})`, true],
]

/**
 * Computes a WebOverviewQuery: visitors, views, sessions, session duration and bounce rate.
 *
 * @see PostHog/posthog posthog/hogql_queries/web_analytics/web_overview.py
 */
export async function computeWebOverview(context: QueryContext): Promise<QueryResult> {
  const { project } = context
  const periods = webPeriods(context)
  const views = `SELECT $session_id AS view_session, any(person_id) AS person, count() AS views FROM events WHERE ${viewsHogql(context, periods)} GROUP BY $session_id`
  const sessions = `SELECT id, start, duration, is_bounce, person, views FROM (${sessionsSql(['start', 'duration', 'is_bounce'])}) AS s JOIN (${views}) AS v ON s.id = v.view_session WHERE ${inPeriods(periods, context, 'start')}`
  const columns = FIGURES.flatMap(([, , aggregate]) => periodColumns(aggregate, periods, context))
  const named = columns.map((column, index) => `${column} AS c${index}`)
  const [row = []] = await rowsOf(context, `SELECT ${named.join(', ')} FROM (${sessions}) LIMIT 1`)
  const results = FIGURES.map(([key, kind, , isIncreaseBad], index) => {
    const [value, previous] = [row[index * 2], row[index * 2 + 1]].map((cell) => figure(cell, kind))
    const hasChange = typeof value === 'number' && typeof previous === 'number' && previous !== 0
    return {
      key,
      kind,
      isIncreaseBad: isIncreaseBad ?? null,
      value: value ?? null,
      previous: previous ?? null,
      changeFromPreviousPct: hasChange ? Math.round((100 * (value - previous)) / previous) : null,
    }
  })
  return {
    results,
    samplingRate: { numerator: 1, denominator: null },
    dateFrom: wallText(toWall(periods.current.from, project.timezone)),
    dateTo: wallText(toWall(periods.current.to, project.timezone)),
    usedPreAggregatedTables: false,
  }
}

function figure(cell: unknown, kind: Kind): number | null {
  if (cell === null || cell === undefined) return null
  return Number(cell) * (kind === 'percentage' ? 100 : 1)
}
