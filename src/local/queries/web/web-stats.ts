import { notImplemented } from '../../http/api-error.ts'
import { type QueryContext, refuseOptions, rowsOf } from '../query-context.ts'
import type { QueryResult } from '../query-run.ts'
import { pageOf } from '../select-columns.ts'
import {
  inPeriods,
  periodColumns,
  sessionsSql,
  viewsHogql,
  type WebPeriods,
  webPeriods,
} from './web-sessions.ts'

/** What a breakdown reads: an expression over events, or a field of the session. */
interface WebBreakdown {
  readonly event?: string
  readonly session?: string
  /** Condition on `value`. Default: it is not null. */
  readonly where?: string
  readonly isPath?: true
}

const text = (property: string): WebBreakdown => ({ event: `toString(properties.${property})` })
/** Shows sessions without the parameter, too. */
const parameter = (session: string): WebBreakdown => ({ session, where: '1 = 1' })

const BREAKDOWNS: Readonly<Record<string, WebBreakdown>> = {
  Page: { ...text('$pathname'), isPath: true },
  InitialPage: { session: 'entry_pathname', isPath: true },
  ExitPage: { session: 'end_pathname', isPath: true },
  ScreenName: text('$screen_name'),
  InitialReferringDomain: { session: 'entry_referring_domain' },
  InitialReferringURL: { session: 'entry_referrer' },
  InitialUTMSource: parameter('entry_utm_source'),
  InitialUTMCampaign: parameter('entry_utm_campaign'),
  InitialUTMMedium: parameter('entry_utm_medium'),
  InitialUTMTerm: parameter('entry_utm_term'),
  InitialUTMContent: parameter('entry_utm_content'),
  Browser: text('$browser'),
  OS: text('$os'),
  DeviceType: text('$device_type'),
  Country: text('$geoip_country_code'),
  Region: {
    event:
      'tuple(toString(properties.$geoip_country_code), toString(properties.$geoip_subdivision_1_code), toString(properties.$geoip_subdivision_1_name))',
    where: 'isNotNull(tupleElement(value, 2))',
  },
  City: {
    event: 'tuple(toString(properties.$geoip_country_code), toString(properties.$geoip_city_name))',
    where: 'isNotNull(tupleElement(value, 2))',
  },
  Viewport: {
    event:
      'tuple(toFloat(toString(properties.$viewport_width)), toFloat(toString(properties.$viewport_height)))',
    where: 'ifNull(tupleElement(value, 1) != 0, 0) AND ifNull(tupleElement(value, 2) != 0, 0)',
  },
  Timezone: { event: '-toFloat(toString(properties.$timezone_offset)) / 60' },
}

/** One row of the table, with the values of both periods. */
interface StatsRow {
  readonly value: unknown
  readonly visitors: readonly (number | null)[]
  readonly views: readonly (number | null)[]
  readonly bounceRate: readonly (number | null)[]
}

const ORDERS: Readonly<Record<string, keyof Omit<StatsRow, 'value'>>> = {
  Visitors: 'visitors',
  Views: 'views',
  BounceRate: 'bounceRate',
}

/**
 * Computes a WebStatsTableQuery: visitors, views and bounce rate by page, source, device or place.
 *
 * @see PostHog/posthog posthog/hogql_queries/web_analytics/stats_table.py
 */
export async function computeWebStats(context: QueryContext): Promise<QueryResult> {
  const { query } = context
  refuseOptions(query, ['includeScrollDepth', 'includeAvgTimeOnPage', 'includeHost'])
  const by = String(query['breakdownBy'])
  const breakdown = BREAKDOWNS[by]
  if (breakdown === undefined) throw notImplemented(`the breakdown ${by} of WebStatsTableQuery`)
  const periods = webPeriods(context)
  const hasBounceRate = query['includeBounceRate'] === true
  const rows = await statsRows(context, periods, breakdown)
  // The bounce rate of a page is that of the sessions that enter on it.
  const entries =
    hasBounceRate && by === 'Page'
      ? await statsRows(context, periods, { session: 'entry_pathname', isPath: true })
      : []
  const rates = new Map(entries.map(({ value, bounceRate }) => [value, bounceRate]))
  const complete =
    by === 'Page' ? rows.map((row) => ({ ...row, bounceRate: rates.get(row.value) ?? [null, null] })) : rows
  const [sorted, fractions] = sortRows(complete, query['orderBy'])
  const { limit, offset } = pageOf(query)
  const results = sorted
    .slice(offset, offset + limit)
    .map((row) => [
      row.value,
      row.visitors,
      row.views,
      ...(hasBounceRate ? [row.bounceRate] : []),
      fractions.get(row) ?? null,
      '',
    ])
  const names = [
    'breakdown_value',
    'visitors',
    'views',
    ...(hasBounceRate ? ['bounce_rate'] : []),
    'ui_fill_fraction',
    'cross_sell',
  ]
  return {
    columns: names.map((name) => `context.columns.${name}`),
    results,
    hasMore: sorted.length > offset + limit,
    limit,
    offset,
    usedPreAggregatedTables: false,
  }
}

async function statsRows(
  context: QueryContext,
  periods: WebPeriods,
  breakdown: WebBreakdown,
): Promise<StatsRow[]> {
  const { event, session, where = 'isNotNull(value)' } = breakdown
  const cleaned = (value: string): string => (breakdown.isPath === true ? cleanPath(value, context) : value)
  const value = event === undefined ? '' : `, ${cleaned(event)} AS value`
  const key = event === undefined ? '' : ', value'
  const views = `SELECT $session_id AS view_session, any(person_id) AS person, count() AS views${value} FROM events WHERE ${viewsHogql(context, periods)} GROUP BY $session_id${key}`
  const fields = ['start', 'is_bounce', ...(session === undefined ? [] : [session])]
  const shown = session === undefined ? 'value' : `${cleaned(session)} AS value`
  const joined = `SELECT start, is_bounce, person, views, ${shown} FROM (${sessionsSql(fields)}) AS s JOIN (${views}) AS v ON s.id = v.view_session WHERE ${inPeriods(periods, context, 'start')}`
  const columns = [
    ...periodColumns((condition) => `uniqIf(person, ${condition})`, periods, context),
    ...periodColumns((condition) => `sumIf(views, ${condition})`, periods, context),
    ...periodColumns((condition) => `avgIf(is_bounce, ${condition})`, periods, context),
  ].map((column, index) => `${column} AS c${index}`)
  const sql = `SELECT value, ${columns.join(', ')} FROM (${joined}) WHERE ${where} GROUP BY value LIMIT 50000`
  return (await rowsOf(context, sql)).map(([found, ...cells]) => {
    const pair = (at: number): (number | null)[] =>
      cells.slice(at, at + 2).map((cell) => (cell === null ? null : Number(cell)))
    return { value: found, visitors: pair(0), views: pair(2), bounceRate: pair(4) }
  })
}

function cleanPath(path: string, { query, project, values }: QueryContext): string {
  if (query['doPathCleaning'] !== true) return path
  return project.pathCleaning.reduce(
    (inner, { regex, alias }) => `replaceRegexpAll(${inner}, ${values.add(regex)}, ${values.add(alias)})`,
    path,
  )
}

/** Sorts rows, and gives each its part of the whole for a bar behind the row. */
function sortRows(rows: readonly StatsRow[], orderBy: unknown): [StatsRow[], Map<StatsRow, number | null>] {
  const [field, direction] = Array.isArray(orderBy) ? orderBy : []
  const chosen = ORDERS[String(field ?? 'Visitors')]
  if (chosen === undefined) throw notImplemented(`the order by ${String(field)} of WebStatsTableQuery`)
  const sign = String(direction ?? 'DESC') === 'ASC' ? 1 : -1
  const keys = [chosen, ...(['visitors', 'views'] as const).filter((key) => key !== chosen)]
  const sorted = [...rows].sort((a, b) => {
    for (const key of keys) {
      const difference = (a[key][0] ?? 0) - (b[key][0] ?? 0) || (a[key][1] ?? 0) - (b[key][1] ?? 0)
      if (difference !== 0) return sign * difference
    }
    return JSON.stringify(a.value) < JSON.stringify(b.value) ? -1 : 1
  })
  const sum = rows.reduce((total, row) => total + (row[chosen][0] ?? 0), 0)
  const fraction = (row: StatsRow): number | null => {
    if (chosen === 'bounceRate') return row.bounceRate[0] ?? null
    return sum === 0 ? null : (row[chosen][0] ?? 0) / sum
  }
  return [sorted, new Map(sorted.map((row) => [row, fraction(row)]))]
}
