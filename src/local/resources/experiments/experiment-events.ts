import { isObject } from '../../../shared/is-object.ts'
import { createQueryParameters, stringLiteral } from '../../engine/sql-values.ts'
import { invalid } from '../../http/api-error.ts'
import { eventCondition } from '../../queries/event-condition.ts'
import type { ServerState } from '../../server-state.ts'
import { type CollectionContext, collectionOf } from '../../store/collection.ts'
import { EXPERIMENTS } from '../../store/kinds.ts'
import { variantsOf } from '../feature-flags/flag-filters.ts'
import type { FlagRecord } from '../feature-flags/flag-record.ts'
import { readProperties } from '../persons/person-table.ts'

/** A person's first exposure to a variant. */
export interface Exposure {
  readonly person: string
  readonly variant: string
  /** Milliseconds. */
  readonly at: number
}

/** The variants that an experiment compares. The first is the baseline. */
export function experimentVariants(flag: FlagRecord | undefined, exposures: readonly Exposure[]): string[] {
  const defined = flag === undefined ? [] : variantsOf(flag.filters).map((variant) => variant.key)
  const keys =
    defined.length > 0 ? defined : [...new Set(exposures.map((exposure) => exposure.variant))].sort()
  return keys.includes('control') ? ['control', ...keys.filter((key) => key !== 'control')] : keys
}

/**
 * Reads the first exposure of each person: from `$feature_flag_called`, or from the flag's property on any event.
 * Excludes persons with multiple variants.
 */
export async function readExposures(
  state: Pick<ServerState, 'engine'>,
  experiment: ExperimentPeriod,
): Promise<Exposure[]> {
  const { first, multiple } = await firstExposures(state, experiment)
  return first.filter(({ person }) => !multiple.has(person))
}

/** Reads the uuids of all persons who saw a variant. */
export async function exposedPersons(
  state: Pick<ServerState, 'engine'>,
  experiment: ExperimentPeriod,
): Promise<string[]> {
  return (await firstExposures(state, experiment)).first.map(({ person }) => person)
}

/** The first exposure of each person, and the persons with multiple variants. */
async function firstExposures(
  state: Pick<ServerState, 'engine'>,
  experiment: ExperimentPeriod,
): Promise<{ readonly first: readonly Exposure[]; readonly multiple: ReadonlySet<string> }> {
  const { flagKey } = experiment
  const { rows } = await state.engine.query(
    `SELECT toString(person_id), event, toUnixTimestamp64Milli(timestamp), properties
     FROM ${state.engine.database}.events
     WHERE (event = '$feature_flag_called' AND JSONExtractString(properties, '$feature_flag') = {key:String})
     OR JSONHas(properties, {property:String}) ORDER BY timestamp`,
    { key: flagKey, property: `$feature/${flagKey}` },
  )
  const first = new Map<string, Exposure>()
  const multiple = new Set<string>()
  for (const [person, event, time, cell] of rows) {
    const properties = readProperties(cell)
    const isCall = event === '$feature_flag_called' && properties['$feature_flag'] === flagKey
    const value = properties[isCall ? '$feature_flag_response' : `$feature/${flagKey}`]
    const at = Number(time)
    if (value === undefined || value === null || value === false || !isDuring(experiment, at)) continue
    const id = String(person)
    const exposure = first.get(id)
    if (exposure === undefined) first.set(id, { person: id, variant: String(value), at })
    else if (exposure.variant !== String(value)) multiple.add(id)
  }
  return { first: [...first.values()], multiple }
}

/** Whether a time is within the period of an experiment. */
export function isDuring({ start, end }: ExperimentPeriod, at: number): boolean {
  return (!start || at >= Date.parse(start)) && (!end || at <= Date.parse(end))
}

/** An event of a metric. */
export interface MetricEvent {
  /** Milliseconds. */
  readonly at: number
  readonly value: number
  readonly session: string
}

/** The series node of a metric, which selects events. */
export type SeriesNode = Readonly<Record<string, unknown>>

const AGGREGATIONS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  avg: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
}

/** Validates the series node of a metric. */
export function seriesNode(value: unknown): SeriesNode {
  if (!isObject(value) || (value['kind'] ?? 'EventsNode') !== 'EventsNode') {
    const kind = isObject(value) ? String(value['kind']) : typeof value
    throw invalid('query', `The local PostHog supports only EventsNode in experiments, got ${kind}`)
  }
  return value
}

/** The function that aggregates a person's events, from the node's `math`. */
export function mathOf(node: SeriesNode): (events: readonly MetricEvent[]) => number {
  const math = String(node['math'] ?? 'total')
  const aggregate = AGGREGATIONS[math]
  if (math === 'total') return (events) => events.length
  if (math === 'dau') return (events) => Math.min(1, events.length)
  if (math === 'unique_session') return (events) => new Set(events.map((event) => event.session)).size
  if (aggregate !== undefined) {
    return (events) => (events.length === 0 ? 0 : aggregate(events.map((event) => event.value)))
  }
  throw invalid('query', `The local PostHog does not support the math ${math} in experiments`)
}

/** Reads the events of a node by person, oldest first. */
export async function metricEvents(
  state: ServerState,
  node: SeriesNode,
): Promise<Map<string, MetricEvent[]>> {
  const parameters = createQueryParameters()
  const { event, properties, math_property: property } = node
  const where = [await eventCondition(state, properties, parameters)]
  if (typeof event === 'string') where.push(`event = ${parameters.add(event)}`)
  const value = typeof property === 'string' ? `toFloat64OrZero(${propertyText(property)})` : '1'
  const { rows } = await state.engine.query(
    `SELECT toString(person_id), toUnixTimestamp64Milli(timestamp), ifNull(${value}, 0), \`$session_id\`
     FROM ${state.engine.database}.events WHERE ${where.join(' AND ')} ORDER BY timestamp`,
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

/** ClickHouse expression that reads a property of an event as text or NULL. */
function propertyText(property: string): string {
  return `JSONExtract(properties, ${stringLiteral(property)}, 'Nullable(String)')`
}

/** The flag of an experiment and the period in which it runs. */
export interface ExperimentPeriod {
  readonly flagKey: string
  /** ISO times. Events outside the period do not count. */
  readonly start?: string | null | undefined
  readonly end?: string | null | undefined
}

/** Finds the flag and period of an experiment. */
export function findExperimentPeriod(
  state: CollectionContext,
  project: number,
  id: number,
): ExperimentPeriod | undefined {
  const experiment = collectionOf(state, EXPERIMENTS, project).get(id)
  if (experiment === undefined) return undefined
  const { feature_flag_key, start_date, end_date } = experiment
  const time = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return { flagKey: String(feature_flag_key), start: time(start_date), end: time(end_date) }
}
