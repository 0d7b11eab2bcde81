import { isObject } from '../../../shared/is-object.ts'
import { notImplemented } from '../../http/api-error.ts'
import { allOf, anyOf } from '../hogql-values.ts'
import { propertyHogql } from '../property-hogql.ts'
import { type QueryContext, runSql } from '../query-context.ts'
import type { QueryResult } from '../query-run.ts'
import {
  defaultOrder,
  isAggregate,
  pageHogql,
  pageOf,
  textsOf,
  withoutAlias,
  withoutLabel,
} from '../select-columns.ts'
import { sourceSql } from './actor-source.ts'
import { actorsById } from './read-actors.ts'

const DEFAULT_COLUMNS = ['person', 'id', 'person.$delete']
/** Columns that the response shows as the whole person. */
const PERSON_COLUMNS = ['person', 'actor']

/**
 * Computes an ActorsQuery: persons, or those behind an insight, with HogQL expressions about them.
 *
 * @see PostHog/posthog posthog/hogql_queries/actors_query_runner.py
 */
export async function computeActors(context: QueryContext): Promise<QueryResult> {
  const { query, state } = context
  const requested = textsOf(query, 'select')
  const columns = requested.length === 0 ? DEFAULT_COLUMNS : requested
  for (const name of ['group', 'matched_recordings', 'event_distinct_ids']) {
    if (columns.includes(name)) throw notImplemented(`the column ${name} of ActorsQuery`)
  }
  const page = pageOf(query)
  const sql = actorsSql(context, columns, await conditionsOf(context))
  const found = await runSql(context, `${sql} ${pageHogql(page)}`)
  const rows = found.rows.slice(0, page.limit)
  const personAt = columns.map(withoutLabel).findIndex((column) => PERSON_COLUMNS.includes(column))
  const actors =
    personAt < 0
      ? new Map()
      : await actorsById(
          state,
          rows.map((row) => String(row[personAt])),
        )
  const results = rows.map((row) =>
    row.map((cell, index) => (index === personAt ? (actors.get(String(cell)) ?? { id: cell }) : cell)),
  )
  return {
    columns,
    types: found.types.map(([, type]) => type),
    results,
    missing_actors_count: personAt < 0 ? null : rows.length - actors.size,
    hogql: sql,
    hasMore: found.rows.length > page.limit,
    ...page,
  }
}

function actorsSql(
  { query }: QueryContext,
  columns: readonly string[],
  conditions: readonly string[],
): string {
  const select = columns.map(columnHogql)
  const aggregates = select.filter(isAggregate)
  const groups = select.filter((column) => !isAggregate(column) && column !== '1').map(withoutAlias)
  const order = orderOf(query, select, aggregates)
  return [
    `SELECT ${select.join(', ')} FROM persons WHERE ${allOf(conditions)}`,
    ...(aggregates.length > 0 && groups.length > 0 ? [`GROUP BY ${groups.join(', ')}`] : []),
    ...(order === undefined ? [] : [`ORDER BY ${order}`]),
  ].join(' ')
}

function columnHogql(column: string): string {
  const text = withoutLabel(column)
  if (text === 'person.$delete') return '1'
  return PERSON_COLUMNS.includes(text) ? 'id' : text
}

async function conditionsOf(context: QueryContext): Promise<string[]> {
  const { query, values } = context
  const { search, source } = query
  const conditions = [query['properties'], query['fixedProperties']].map((filters) =>
    propertyHogql(filters, context, 'person'),
  )
  if (typeof search === 'string' && search !== '') {
    const text = values.add(`%${search}%`)
    conditions.push(
      anyOf([
        `ifNull(toString(properties.email) ILIKE ${text}, 0)`,
        `ifNull(toString(properties.name) ILIKE ${text}, 0)`,
        `toString(id) ILIKE ${text}`,
        `id IN (SELECT person_id FROM events WHERE distinct_id ILIKE ${text})`,
      ]),
    )
  }
  if (isObject(source)) conditions.push(`id IN (${await sourceSql(source, context)})`)
  return conditions.filter((condition) => condition !== '1 = 1')
}

function orderOf(
  query: Readonly<Record<string, unknown>>,
  select: readonly string[],
  aggregates: readonly string[],
): string | undefined {
  const requested = textsOf(query, 'orderBy').map(withoutLabel)
  const byPerson = /^person(?:\s+(asc|desc))?$/i.exec(requested[0] ?? '')
  if (requested.length === 1 && byPerson !== null) return `properties.email ${byPerson[1] ?? 'ASC'}`
  if (requested.length > 0) return requested.join(', ')
  return defaultOrder(select, aggregates, 'created_at')
}
