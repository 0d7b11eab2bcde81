import { clickHouseTime, createQueryParameters, listLiteral } from '../../engine/sql-values.ts'
import { ApiError, invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { DEFAULT_PAGE_SIZE, positiveInteger } from '../../http/page.ts'
import { requiredQuery } from '../../http/parameters.ts'
import type { Action, Call, Route } from '../../http/route.ts'
import { eventCondition } from '../../queries/event-condition.ts'
import { distinctIdsOf, readProperties, UUID } from '../persons/person-table.ts'
import { countValues, parsePropertiesParam } from '../properties/property-values.ts'
import { parseTimeParam, readEvents } from './event-table.ts'

const MAX_PAGE_SIZE = 1_000
const DAY_MS = 86_400_000
/** Time by which the default time window extends into the future, in milliseconds. */
const AHEAD_MS = 5_000

/** The events of the project, as the deprecated list returns them. */
export const eventRoutes: readonly Route[] = [
  route('', listEvents),
  route('/values', listEventValues),
  route('/:id', getEvent),
]

function route(path: string, handle: Action['handle']): Route {
  return {
    path: `projects/:project/events${path}`,
    throttle: 'clickhouse',
    methods: { GET: { scope: 'query:read', handle } },
  }
}

/** Lists the events of a time window, newest first. Default window: the last day. */
async function listEvents({ state, url }: Call): Promise<Response> {
  const { searchParams: query } = url
  const now = state.now()
  const requestedSize = positiveInteger(query.get('limit')) ?? DEFAULT_PAGE_SIZE
  const limit = Math.min(MAX_PAGE_SIZE, state.pageSize, requestedSize)
  const defaultBefore = new Date(now.getTime() + AHEAD_MS).toISOString()
  const before = parseTimeParam(query.get('before') ?? defaultBefore, 'before', now)
  const defaultAfter = new Date(now.getTime() - DAY_MS).toISOString()
  const after = parseTimeParam(query.get('after') ?? defaultAfter, 'after', now)
  const ascending = query.get('orderBy')?.includes('"timestamp"') === true
  const parameters = createQueryParameters()
  const time = (at: Date): string => parameters.add(clickHouseTime(at), "DateTime64(6, 'UTC')")
  const where = [`timestamp < ${time(before)}`, `timestamp > ${time(after)}`]
  for (const column of ['event', 'distinct_id']) {
    const value = query.get(column)
    if (value !== null) where.push(`${column} = ${parameters.add(value)}`)
  }
  const person = query.get('person_id')
  if (person !== null) {
    if (!UUID.test(person)) throw invalid('person_id', 'Must be a valid UUID.')
    const ids = (await distinctIdsOf(state, [person])).get(person) ?? []
    where.push(`distinct_id IN ${parameters.add(listLiteral(ids), 'Array(String)')}`)
  }
  where.push(await eventCondition(state, parsePropertiesParam(query), parameters))
  const order = ascending ? 'ASC' : 'DESC'
  const results = await readEvents(state, { where, order, limit }, parameters.values)
  const last = results.at(-1)
  const next = new URL(url)
  if (last !== undefined) next.searchParams.set(ascending ? 'after' : 'before', last.timestamp)
  return jsonResponse(200, { next: results.length >= limit ? next.href : null, results })
}

/** Gets an event by its uuid. */
async function getEvent({ state, params }: Call): Promise<Response> {
  const id = params['id'] ?? ''
  if (!UUID.test(id)) {
    throw new ApiError(400, { detail: 'Invalid UUID', code: 'invalid', type: 'validation_error' })
  }
  const selection = { where: ['uuid = {id:UUID}'], order: 'DESC', limit: 1 }
  const [event] = await readEvents(state, selection, { id })
  if (event === undefined) throw notFound('No events exist for event UUID.')
  return jsonResponse(200, event)
}

/** Lists the values of a property in events of the last week, most frequent first. Requires event names. */
async function listEventValues({ state, url }: Call): Promise<Response> {
  const key = requiredQuery(url, 'key')
  const names = url.searchParams.getAll('event_name')
  if (names.length === 0) throw invalid('event_name', 'This field is required.', 'required')
  const { rows } = await state.engine.query(
    `SELECT event, properties FROM ${state.engine.database}.events
     WHERE event IN {names:Array(String)} AND JSONHas(properties, {key:String})
     AND timestamp > {from:DateTime64(3, 'UTC')}`,
    {
      names: listLiteral(names),
      key,
      from: clickHouseTime(new Date(state.now().getTime() - 7 * DAY_MS)),
    },
  )
  const values = rows.map(([, properties]) => readProperties(properties)[key])
  return jsonResponse(200, countValues(values, url.searchParams.get('value')))
}
