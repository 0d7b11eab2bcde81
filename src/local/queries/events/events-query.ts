import { HogqlError } from '../../../hogql/hogql-error.ts'
import { isObject } from '../../../shared/is-object.ts'
import { findRecordings } from '../../resources/recordings/find-recordings.ts'
import { actionHogql, actionStepsHogql } from '../action-hogql.ts'
import { distinctPersons } from '../actors/read-actors.ts'
import { timeHogql } from '../date-range.ts'
import { allOf } from '../hogql-values.ts'
import { expressionHogql, propertyHogql } from '../property-hogql.ts'
import { type QueryContext, queryFilters, refuseOptions, runSql } from '../query-context.ts'
import type { QueryResult } from '../query-run.ts'
import { parseInstant } from '../relative-date.ts'
import {
  columnName,
  defaultOrder,
  isAggregate,
  pageHogql,
  pageOf,
  textsOf,
  withoutAlias,
  withoutLabel,
} from '../select-columns.ts'
import { parseElementsChain } from './elements-chain.ts'

/** The fields of `*`, in the order of the tuple that reads them. */
const STAR = ['uuid', 'event', 'properties', 'timestamp', 'distinct_id', 'elements_chain', 'created_at']
const DISPLAY_NAMES = ['email', 'Email', '$email', 'name', 'Name', 'username', 'Username', 'UserName']
const DEFAULT_AFTER = '-24h'
/** Events may be this far in the future. */
const FUTURE_MS = 5_000

/**
 * Computes an EventsQuery: HogQL expressions about events, by default of the last 24 hours.
 *
 * @see PostHog/posthog posthog/hogql_queries/events_query_runner.py
 */
export async function computeEvents(context: QueryContext): Promise<QueryResult> {
  const { query } = context
  refuseOptions(query, ['source'])
  const requested = textsOf(query, 'select')
  const columns = requested.length === 0 ? ['*'] : requested
  const page = pageOf(query)
  const sql = eventsSql(context, columns)
  const found = await runSql(context, `${sql} ${pageHogql(page)}`)
  const rows = found.rows.slice(0, page.limit)
  const hasMore = found.rows.length > page.limit
  const results = await expandColumns(context, columns, rows)
  return {
    columns: columns.map(columnName),
    types: found.types.map(([, type]) => type),
    results,
    hasMore,
    ...page,
    hogql: sql,
    nextCursor: hasMore ? nextCursor(query, columns, results) : null,
  }
}

function eventsSql(context: QueryContext, columns: readonly string[]): string {
  const { query } = context
  const select = columns.map(columnHogql)
  const aggregates = select.filter(isAggregate)
  const conditions = conditionsOf(context)
  const where = conditions.filter((condition) => !isAggregate(condition))
  const having = conditions.filter(isAggregate)
  const groups = select.filter((column) => !isAggregate(column)).map(withoutAlias)
  const order = orderOf(query, select, aggregates)
  return [
    `SELECT ${select.join(', ')} FROM events WHERE ${allOf(where)}`,
    ...(aggregates.length > 0 && groups.length > 0 ? [`GROUP BY ${groups.join(', ')}`] : []),
    ...(having.length > 0 ? [`HAVING ${allOf(having)}`] : []),
    ...(order === undefined ? [] : [`ORDER BY ${order}`]),
  ].join(' ')
}

function columnHogql(column: string): string {
  const text = withoutLabel(column)
  if (text === '*') return `tuple(${STAR.join(', ')})`
  if (text === 'person') return 'distinct_id'
  if (text === 'person_display_name') {
    const names = DISPLAY_NAMES.map((name) => `nullIf(toString(person.properties.${name}), '')`)
    return `tuple(coalesce(${names.join(', ')}, distinct_id), toString(person_id), distinct_id)`
  }
  if (text === '') throw new HogqlError('Expected a column of select to be a HogQL expression')
  return text
}

function orderOf(
  query: Readonly<Record<string, unknown>>,
  select: readonly string[],
  aggregates: readonly string[],
): string | undefined {
  const requested = textsOf(query, 'orderBy').map(withoutLabel)
  if (requested.length > 0) return requested.join(', ')
  return defaultOrder(select, aggregates, 'timestamp')
}

function conditionsOf(context: QueryContext): string[] {
  const { query, values, now, project } = context
  const events = [query['event'], ...(Array.isArray(query['events']) ? query['events'] : [])].filter(
    (event) => typeof event === 'string' && event !== '',
  )
  const { actionId, actionSteps, personId } = query
  const time = (name: 'after' | 'before', fallback: string): Date | undefined => {
    const text = typeof query[name] === 'string' && query[name] !== '' ? String(query[name]) : fallback
    if (name === 'after' && text === 'all') return undefined
    const instant = parseInstant(text, now, project.timezone)
    if (instant === undefined)
      throw new HogqlError(`Expected ${name} to be a date such as -24h, got ${JSON.stringify(text)}`)
    return instant
  }
  const before = time('before', new Date(now.getTime() + FUTURE_MS).toISOString())
  const after = time('after', DEFAULT_AFTER)
  return [
    ...textsOf(query, 'where').map(expressionHogql),
    ...queryFilters(context),
    propertyHogql(query['fixedProperties'], context),
    ...(events.length === 0 ? [] : [`has(${values.add(events)}, event)`]),
    ...(typeof actionId === 'number' ? [actionHogql(actionId, context)] : []),
    ...(typeof actionId !== 'number' && Array.isArray(actionSteps)
      ? [actionStepsHogql(actionSteps, context)]
      : []),
    ...(typeof personId === 'string' ? [`toString(person_id) = ${values.add(personId)}`] : []),
    ...(before === undefined ? [] : [`timestamp < ${timeHogql(before, values)}`]),
    ...(after === undefined ? [] : [`timestamp > ${timeHogql(after, values)}`]),
  ].filter((condition) => condition !== '1 = 1')
}

/** Turns the cells of `*`, `person` and `person_display_name` into objects. */
async function expandColumns(
  context: QueryContext,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<unknown[][]> {
  const labels = columns.map(withoutLabel)
  const personAt = labels.indexOf('person')
  const ids = personAt < 0 ? [] : rows.map((row) => String(row[personAt]))
  const persons = await distinctPersons(context.state, [...new Set(ids)])
  const starAt = labels.indexOf('*')
  const recorded = starAt < 0 ? new Set<string>() : await recordedSessions(context, rows, starAt)
  return rows.map((row) =>
    row.map((cell, index) => {
      if (labels[index] === '*') return starEvent(context, cell, recorded)
      if (labels[index] === 'person') return persons.get(String(cell)) ?? { distinct_id: cell }
      if (labels[index] !== 'person_display_name' || !Array.isArray(cell)) return cell
      const [display_name, id, distinct_id]: unknown[] = cell
      return { display_name, id, distinct_id }
    }),
  )
}

async function recordedSessions(
  { state }: QueryContext,
  rows: readonly (readonly unknown[])[],
  starAt: number,
): Promise<Set<string>> {
  const sessions = rows.map(
    (row) => readJson(Array.isArray(row[starAt]) ? row[starAt][2] : undefined)['$session_id'],
  )
  const ids = [...new Set(sessions.filter((id) => typeof id === 'string' && id !== ''))].map(String)
  if (ids.length === 0) return new Set()
  return new Set((await findRecordings(state, { ids })).map(({ id }) => id))
}

function starEvent(
  { state }: QueryContext,
  cell: unknown,
  recorded: ReadonlySet<string>,
): Record<string, unknown> {
  const cells: unknown[] = Array.isArray(cell) ? cell : []
  const [uuid, event, json, timestamp, distinct_id, elements_chain, created_at] = cells
  const properties = readJson(json)
  const session = properties['$session_id']
  return {
    uuid,
    event,
    properties:
      typeof session === 'string' && session !== ''
        ? { ...properties, $has_recording: recorded.has(session) }
        : properties,
    timestamp,
    team_id: state.projectId,
    distinct_id,
    elements_chain,
    created_at,
    person_mode: 'full',
    ...(typeof elements_chain === 'string' && elements_chain !== ''
      ? { elements: parseElementsChain(elements_chain) }
      : {}),
  }
}

function readJson(cell: unknown): Record<string, unknown> {
  const value: unknown = typeof cell === 'string' && cell !== '' ? JSON.parse(cell) : {}
  return isObject(value) ? value : {}
}

/** The time of the last row, when the rows are in order of time. */
function nextCursor(
  query: Readonly<Record<string, unknown>>,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): unknown {
  const [order = columns.includes('timestamp') ? 'timestamp' : ''] = textsOf(query, 'orderBy')
  if (!/^timestamp(?:\s+(?:asc|desc))?$/i.test(withoutLabel(order)) || columns.some(isAggregate)) return null
  const star = rows.at(-1)?.[columns.indexOf('*')]
  return (
    (isObject(star) ? star['timestamp'] : rows.at(-1)?.[columns.map(withoutLabel).indexOf('timestamp')]) ??
    null
  )
}
