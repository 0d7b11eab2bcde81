import { isObject } from '../../../shared/is-object.ts'
import { dateRange, requestedDates, timeHogql } from '../date-range.ts'
import { allOf } from '../hogql-values.ts'
import { propertyHogql } from '../property-hogql.ts'
import { callerDates, type QueryContext, refuseOptions, rowsOf } from '../query-context.ts'
import type { QueryResult } from '../query-run.ts'
import { pageOf } from '../select-columns.ts'

/** A trace may begin before its range and end after it, by this many milliseconds. */
const CAPTURE_MS = 10 * 60 * 1_000
const EVENTS = ['$ai_span', '$ai_generation', '$ai_embedding', '$ai_metric', '$ai_feedback', '$ai_trace']

/**
 * Computes a TracesQuery: the traces of LLM calls, newest first, with their metrics and feedback.
 *
 * @see PostHog/posthog posthog/hogql_queries/ai/traces_query_runner.py
 */
export async function computeTraces(context: QueryContext): Promise<QueryResult> {
  const { query } = context
  refuseOptions(query, ['randomOrder', 'groupKey', 'filterSupportTraces', 'groupTypeIndex'])
  const rows = await rowsOf(context, tracesSql(context))
  const { limit, offset } = pageOf(query)
  const results = rows.slice(offset, offset + limit).map(toTrace)
  return { results, hasMore: rows.length > offset + limit, limit, offset }
}

function tracesSql(context: QueryContext): string {
  const { query, values, project, run } = context
  const range = dateRange({ ...requestedDates(query, callerDates(run)), explicitDate: true }, 'day', context)
  const { personId } = query
  const from = timeHogql(new Date(range.from.getTime() - CAPTURE_MS), values)
  const to = timeHogql(new Date(range.to.getTime() + CAPTURE_MS), values)
  const where = allOf([
    `has(${values.add(EVENTS)}, event)`,
    'isNotNull(properties.$ai_trace_id)',
    `timestamp >= ${from}`,
    `timestamp <= ${to}`,
    ...(query['filterTestAccounts'] === true ? [propertyHogql(project.testAccountFilters, context)] : []),
    ...(typeof personId === 'string' ? [`toString(person_id) = ${values.add(personId)}`] : []),
  ])
  const number = (property: string): string => `toFloat(toString(properties.${property}))`
  const isGeneration = `event = '$ai_generation' OR event = '$ai_embedding'`
  const isRoot =
    'isNull(properties.$ai_parent_id) OR ifNull(properties.$ai_parent_id = properties.$ai_trace_id, 0)'
  const isNote = `event = '$ai_metric' OR event = '$ai_feedback'`
  const ofTrace = (value: string): string => `argMinIf(${value}, timestamp, event = '$ai_trace')`
  const columns = [
    'toString(properties.$ai_trace_id) AS id',
    'min(timestamp) AS first_timestamp',
    'argMin(tuple(toString(person_id), distinct_id, person.created_at, person.properties), timestamp) AS first_person',
    `round(sumIf(${number('$ai_latency')}, ${isRoot}), 2) AS latency`,
    `sumIf(${number('$ai_input_tokens')}, ${isGeneration}) AS input_tokens`,
    `sumIf(${number('$ai_output_tokens')}, ${isGeneration}) AS output_tokens`,
    `round(sumIf(${number('$ai_input_cost_usd')}, ${isGeneration}), 4) AS input_cost`,
    `round(sumIf(${number('$ai_output_cost_usd')}, ${isGeneration}), 4) AS output_cost`,
    `round(sumIf(${number('$ai_total_cost_usd')}, ${isGeneration}), 4) AS total_cost`,
    `arraySort(x -> tupleElement(x, 3), groupArrayIf(tuple(toString(uuid), event, timestamp, properties), ${isNote})) AS notes`,
    `${ofTrace('toString(properties.$ai_input_state)')} AS input_state`,
    `${ofTrace('toString(properties.$ai_output_state)')} AS output_state`,
    `${ofTrace('ifNull(toString(properties.$ai_span_name), toString(properties.$ai_trace_name))')} AS trace_name`,
    `countIf(ifNull(toString(properties.$ai_is_error) = 'true', 0)) AS errors`,
    `any(toString(properties.$ai_session_id)) AS ai_session`,
    `max(${propertyHogql(query['properties'], context)}) AS is_match`,
  ]
  const bounds = `first_timestamp >= ${timeHogql(range.from, values)} AND first_timestamp <= ${timeHogql(range.to, values)}`
  return `SELECT * FROM (SELECT ${columns.join(', ')} FROM events WHERE ${where} GROUP BY id) WHERE is_match = 1 AND ${bounds} ORDER BY first_timestamp DESC LIMIT 50000`
}

function toTrace(row: readonly unknown[]): Record<string, unknown> {
  const [
    id,
    createdAt,
    person,
    totalLatency,
    inputTokens,
    outputTokens,
    inputCost,
    outputCost,
    totalCost,
    notes,
  ] = row
  const [inputState, outputState, traceName, errorCount, aiSessionId] = row.slice(10)
  const [uuid, distinctId, personCreatedAt, personProperties]: unknown[] = Array.isArray(person) ? person : []
  return {
    id,
    aiSessionId: aiSessionId ?? null,
    createdAt,
    distinctId,
    person: {
      uuid,
      distinct_id: distinctId,
      created_at: personCreatedAt,
      properties: readObject(personProperties),
    },
    totalLatency,
    inputState: readState(inputState),
    outputState: readState(outputState),
    inputTokens,
    outputTokens,
    inputCost,
    outputCost,
    totalCost,
    errorCount,
    events: (Array.isArray(notes) ? notes : []).map(([noteId, event, time, properties]: unknown[]) => ({
      id: noteId,
      event,
      createdAt: time,
      properties: readObject(properties),
    })),
    traceName: traceName === '' ? null : (traceName ?? null),
  }
}

function readObject(cell: unknown): Record<string, unknown> {
  const value = readState(cell)
  return isObject(value) ? value : {}
}

/** The value of a JSON text. A text that is not JSON has no value, as in PostHog. */
function readState(cell: unknown): unknown {
  if (typeof cell !== 'string' || cell === '') return null
  try {
    return JSON.parse(cell) as unknown
  } catch {
    return null
  }
}
