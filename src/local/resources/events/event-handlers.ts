import { ApiError, invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { DEFAULT_PAGE_SIZE } from '../../http/page.ts'
import { requiredQuery } from '../../http/parameters.ts'
import type { Call } from '../../http/route.ts'
import { clickHouseTime } from '../../sample/clickhouse-time.ts'
import { filterConditions, newParameters } from '../insights/conditions.ts'
import { distinctIdsOf, listLiteral, readProperties, UUID } from '../persons/person-table.ts'
import { countValues } from '../properties/value-counts.ts'
import { readEvents } from './event-view.ts'
import { startOf } from './event-window.ts'

const MOST = 1_000
const DAY_MS = 86_400_000
const AHEAD_MS = 5_000

/** GET the events of a window, by default of the last day, newest first. */
export async function listEvents({ world, url }: Call): Promise<Response> {
  const { searchParams: query } = url
  const now = world.now()
  const limit = Math.min(MOST, world.pageSize, whole(query.get('limit')) || DEFAULT_PAGE_SIZE)
  const before = startOf(
    query.get('before') ?? new Date(now.getTime() + AHEAD_MS).toISOString(),
    'before',
    now,
  )
  const after = startOf(query.get('after') ?? new Date(now.getTime() - DAY_MS).toISOString(), 'after', now)
  const ascending = query.get('orderBy')?.includes('"timestamp"') === true
  const parameters = newParameters()
  const time = (at: Date): string => parameters.add(clickHouseTime(at), "DateTime64(6, 'UTC')")
  const where = [`timestamp < ${time(before)}`, `timestamp > ${time(after)}`]
  for (const column of ['event', 'distinct_id']) {
    const value = query.get(column)
    if (value !== null) where.push(`${column} = ${parameters.add(value)}`)
  }
  const person = query.get('person_id')
  if (person !== null) {
    if (!UUID.test(person)) throw invalid('person_id', 'Must be a valid UUID.')
    const ids = (await distinctIdsOf(world, [person])).get(person) ?? []
    where.push(`distinct_id IN ${parameters.add(listLiteral(ids), 'Array(String)')}`)
  }
  where.push(...filterConditions(jsonIn(query, 'properties'), parameters))
  const order = ascending ? 'ASC' : 'DESC'
  const results = await readEvents(world, { where, order, limit }, parameters.values)
  const last = results.at(-1)
  const next = new URL(url)
  if (last !== undefined) next.searchParams.set(ascending ? 'after' : 'before', last.timestamp)
  return jsonResponse(200, { next: results.length >= limit ? next.href : null, results })
}

function jsonIn(query: URLSearchParams, name: string): unknown {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw invalid(name, 'Properties are unparsable!')
  }
}

function whole(text: string | null): number {
  const value = Number(text ?? '')
  return Number.isInteger(value) && value > 0 ? value : 0
}

/** GET one by its uuid. */
export async function getEvent({ world, params }: Call): Promise<Response> {
  const id = params['id'] ?? ''
  if (!UUID.test(id)) {
    throw new ApiError(400, { detail: 'Invalid UUID', code: 'invalid', type: 'validation_error' })
  }
  const wanted = { where: ['uuid = {id:UUID}'], order: 'DESC', limit: 1 }
  const [event] = await readEvents(world, wanted, { id })
  if (event === undefined) throw notFound('No events exist for event UUID.')
  return jsonResponse(200, event)
}

/** GET the values of a property, of the last week, the most frequent first. A key must name the events too. */
export async function eventValues({ world, url }: Call): Promise<Response> {
  const key = requiredQuery(url, 'key')
  const names = url.searchParams.getAll('event_name')
  if (names.length === 0) throw invalid('event_name', 'This field is required.', 'required')
  const { rows } = await world.engine.query(
    `SELECT event, properties FROM ${world.engine.database}.events
     WHERE event IN {names:Array(String)} AND JSONHas(properties, {key:String})
     AND timestamp > {from:DateTime64(3, 'UTC')}`,
    {
      names: listLiteral(names),
      key,
      from: clickHouseTime(new Date(world.now().getTime() - 7 * DAY_MS)),
    },
  )
  const values = rows.map(([, properties]) => readProperties(properties)[key])
  return jsonResponse(200, countValues(values, url.searchParams.get('value')))
}
