import { isObject } from '../../../shared/is-object.ts'
import { clickHouseTime, type QueryParameters } from '../../engine/sql-values.ts'
import { invalid } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import { filterConditions, propertyText } from '../properties/property-conditions.ts'
import type { Breakdown, SavedQuery } from '../query/saved-query.ts'
import type { InsightRange } from './date-range.ts'

/** An insight to compute, with the caller's variables and filters. */
export interface InsightRun {
  readonly query: SavedQuery
  readonly breakdowns: readonly Breakdown[]
  readonly variables: Readonly<Record<string, unknown>>
  readonly filtersOverride: Readonly<Record<string, unknown>> | undefined
  /** Prefix of the table names. Selects the table snapshots of a materialized version. */
  readonly tablePrefix?: string
}

/** The events table of a run. */
export function eventsTable(state: ServerState, run: InsightRun): string {
  return `${state.engine.database}.${run.tablePrefix ?? ''}events`
}

/** The caller's dates. `filters_override` takes precedence over variables. */
export function datesOf(run: InsightRun): { date_from?: unknown; date_to?: unknown } {
  const from = run.filtersOverride?.['date_from'] ?? run.variables['date_from']
  const to = run.filtersOverride?.['date_to'] ?? run.variables['date_to']
  return { date_from: from ?? undefined, date_to: to ?? undefined }
}

/** Conditions of every series: the date range, the insight's filters and the caller's values. */
export function commonConditions(
  run: InsightRun,
  range: InsightRange,
  parameters: QueryParameters,
): string[] {
  const time = (date: Date): string => parameters.add(clickHouseTime(date), "DateTime64(6, 'UTC')")
  const conditions = [`timestamp >= ${time(range.from)}`, `timestamp <= ${time(range.to)}`]
  conditions.push(...filterConditions(run.query['properties'], parameters))
  conditions.push(...filterConditions(run.filtersOverride?.['properties'], parameters))
  for (const { property, type } of run.breakdowns) {
    const value = run.variables[property]
    if (value === undefined || value === null) continue
    const text = propertyText(property, type)
    // An empty value selects the events without the property.
    conditions.push(
      value === '' ? `${text} IS NULL` : `ifNull(${text} = ${parameters.add(String(value))}, 0)`,
    )
  }
  return conditions
}

/** Conditions of one series: its event and its own filters. A series without an event counts all events. */
export function seriesConditions(node: unknown, parameters: QueryParameters): string[] {
  if (!isObject(node) || (node['kind'] !== undefined && node['kind'] !== 'EventsNode')) {
    throw invalid('query', 'The local PostHog supports only series of events')
  }
  const event = node['event']
  const eventCondition = typeof event === 'string' && event !== '' ? [`event = ${parameters.add(event)}`] : []
  return [...eventCondition, ...filterConditions(node['properties'], parameters)]
}

/** Rejects insight options that would change the results but are not supported here. */
export function rejectUnsupported(query: SavedQuery, names: readonly string[]): void {
  const unsupported = names.find((name) => {
    const value = query[name]
    return value !== undefined && value !== null && value !== false
  })
  if (unsupported !== undefined)
    throw invalid('query', `The local PostHog does not support ${unsupported} of ${query.kind}`)
}
