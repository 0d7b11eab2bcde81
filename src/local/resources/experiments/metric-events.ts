import { invalid } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import { filterConditions, newParameters, propertyText } from '../insights/conditions.ts'

/** An event that a metric counts. */
export interface MetricEvent {
  /** Milliseconds. */
  readonly at: number
  readonly value: number
  readonly session: string
}

/** The part of a metric that names events: a series node. */
export type SeriesNode = Readonly<Record<string, unknown>>

const OF_VALUES: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  avg: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
}

/** A series node of a metric. */
export function seriesNode(value: unknown): SeriesNode {
  if (!isObject(value) || (value['kind'] ?? 'EventsNode') !== 'EventsNode') {
    const kind = isObject(value) ? String(value['kind']) : typeof value
    throw invalid('query', `The local PostHog computes experiments on EventsNode, not on ${kind}`)
  }
  return value
}

/** What a person's events come to, by the node's `math`. */
export function mathOf(node: SeriesNode): (events: readonly MetricEvent[]) => number {
  const math = String(node['math'] ?? 'total')
  const ofValues = OF_VALUES[math]
  if (math === 'total') return (events) => events.length
  if (math === 'dau') return (events) => Math.min(1, events.length)
  if (math === 'unique_session') return (events) => new Set(events.map((event) => event.session)).size
  if (ofValues !== undefined) {
    return (events) => (events.length === 0 ? 0 : ofValues(events.map((event) => event.value)))
  }
  throw invalid('query', `The local PostHog does not compute the math ${math} of experiments`)
}

/** The events of a node by person, oldest first. */
export async function metricEvents(
  world: Pick<ServerState, 'engine'>,
  node: SeriesNode,
): Promise<Map<string, MetricEvent[]>> {
  const parameters = newParameters()
  const { event, properties, math_property: property } = node
  const where = ['1', ...filterConditions(properties, parameters)]
  if (typeof event === 'string') where.push(`event = ${parameters.add(event)}`)
  const value = typeof property === 'string' ? `toFloat64OrZero(${propertyText(property, 'event')})` : '1'
  const { rows } = await world.engine.query(
    `SELECT toString(person_id), toUnixTimestamp64Milli(timestamp), ifNull(${value}, 0), \`$session_id\`
     FROM ${world.engine.database}.events WHERE ${where.join(' AND ')} ORDER BY timestamp`,
    parameters.values,
  )
  const found = new Map<string, MetricEvent[]>()
  for (const [person, at, number, session] of rows) {
    const entry = { at: Number(at), value: Number(number), session: String(session) }
    const events = found.get(String(person))
    if (events === undefined) found.set(String(person), [entry])
    else events.push(entry)
  }
  return found
}
