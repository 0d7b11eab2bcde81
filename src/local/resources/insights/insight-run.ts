import { invalid } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import type { Breakdown } from '../endpoints/breakdowns.ts'
import type { SavedQuery } from '../endpoints/endpoint-record.ts'
import { filterConditions, type Parameters, propertyText } from './conditions.ts'
import type { InsightRange } from './date-range.ts'

/** An insight to compute, with what the caller sets. */
export interface InsightRun {
  readonly query: SavedQuery
  readonly breakdowns: readonly Breakdown[]
  readonly variables: Readonly<Record<string, unknown>>
  readonly filtersOverride: Readonly<Record<string, unknown>> | undefined
  /** Name before the tables' own: those of a materialised version. */
  readonly tablePrefix?: string
}

/** The events table that the run reads. */
export function eventsTable(world: ServerState, run: InsightRun): string {
  return `${world.engine.database}.${run.tablePrefix ?? ''}events`
}

/** What the caller's dates are: `filters_override` wins over the variables. */
export function datesOf(run: InsightRun): { date_from?: unknown; date_to?: unknown } {
  const from = run.filtersOverride?.['date_from'] ?? run.variables['date_from']
  const to = run.filtersOverride?.['date_to'] ?? run.variables['date_to']
  return { date_from: from ?? undefined, date_to: to ?? undefined }
}

/** Conditions that hold for every series: the time span, the insight's filters and the caller's values. */
export function commonConditions(run: InsightRun, range: InsightRange, parameters: Parameters): string[] {
  const time = (date: Date): string =>
    parameters.add(date.toISOString().replace('T', ' ').replace('Z', ''), "DateTime64(6, 'UTC')")
  const conditions = [`timestamp >= ${time(range.from)}`, `timestamp <= ${time(range.to)}`]
  conditions.push(...filterConditions(run.query['properties'], parameters))
  conditions.push(...filterConditions(run.filtersOverride?.['properties'], parameters))
  for (const { property, type } of run.breakdowns) {
    const value = run.variables[property]
    if (value === undefined || value === null) continue
    const text = propertyText(property, type)
    // An empty text asks for the events without the property.
    conditions.push(
      value === '' ? `${text} IS NULL` : `ifNull(${text} = ${parameters.add(String(value))}, 0)`,
    )
  }
  return conditions
}

/** Condition for one series: which event it counts, and its own filters. A series without an event counts all. */
export function seriesConditions(node: unknown, parameters: Parameters): string[] {
  if (!isObject(node) || (node['kind'] !== undefined && node['kind'] !== 'EventsNode')) {
    throw invalid('query', `The local PostHog computes series of events only`)
  }
  const event = node['event']
  const which = typeof event === 'string' && event !== '' ? [`event = ${parameters.add(event)}`] : []
  return [...which, ...filterConditions(node['properties'], parameters)]
}

/** Refuses parts of an insight that would change its numbers and are not computed here. */
export function refuseParts(query: SavedQuery, names: readonly string[]): void {
  const refused = names.find((name) => {
    const value = query[name]
    return value !== undefined && value !== null && value !== false
  })
  if (refused !== undefined)
    throw invalid('query', `The local PostHog does not compute ${refused} of ${query.kind}`)
}
