import { invalid, notImplemented } from '../http/api-error.ts'
import { actionHogql } from './action-hogql.ts'
import type { FilterContext } from './filter-context.ts'
import { allOf, anyOf } from './hogql-values.ts'
import { propertyHogql } from './property-hogql.ts'

/** A series of a query: `EventsNode`, `ActionsNode` or `GroupNode`. */
export type Series = Readonly<Record<string, unknown>>

/** HogQL condition of a series: its events and its own filters. */
export function seriesHogql(series: Series, context: FilterContext): string {
  return allOf(
    [eventsHogql(series, context), ...filtersOf(series, context)].filter((text) => text !== '1 = 1'),
  )
}

/** HogQL condition of the events of a series, without its filters. A series without an event matches all events. */
export function eventsHogql(series: Series, context: FilterContext): string {
  const kind = series['kind'] ?? 'EventsNode'
  if (kind === 'ActionsNode') return actionHogql(series['id'], context)
  if (kind === 'EventsNode') {
    const { event } = series
    return typeof event === 'string' && event !== '' ? `event = ${context.values.add(event)}` : allOf([])
  }
  if (kind === 'GroupNode') {
    const nodes = Array.isArray(series['nodes']) ? series['nodes'] : []
    const parts = nodes.map((node: Series) => seriesHogql(node, context))
    return series['operator'] === 'AND' ? allOf(parts) : anyOf(parts)
  }
  if (kind === 'DataWarehouseNode') throw notImplemented('series of the data warehouse')
  throw invalid(
    'query',
    `Expected a series of kind EventsNode, ActionsNode or GroupNode, got ${String(kind)}.`,
  )
}

/** Name of a series: its event, its action's name, or null for all events. */
export function seriesName(series: Series, context: FilterContext): string | null {
  if (series['kind'] === 'ActionsNode') return String(context.action(series['id'])?.['name'] ?? '')
  if (series['kind'] === 'GroupNode') {
    const nodes = Array.isArray(series['nodes']) ? series['nodes'] : []
    const name = nodes.map((node: Series) => seriesName(node, context) ?? 'All events').join(', ')
    return typeof series['name'] === 'string' ? series['name'] : name
  }
  const { event } = series
  return typeof event === 'string' && event !== '' ? event : null
}

function filtersOf(series: Series, context: FilterContext): string[] {
  return [series['properties'], series['fixedProperties']].map((filters) => propertyHogql(filters, context))
}
