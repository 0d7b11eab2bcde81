import { clickHouseTime, isoTime } from '../../engine/sql-values.ts'
import { invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse, stableJson } from '../../http/json.ts'
import { uncountedPage } from '../../http/page.ts'
import { requiredQuery } from '../../http/parameters.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { texts } from '../../store/fields.ts'
import { readField } from '../../store/read-fields.ts'
import { parseTimeParam } from '../events/event-table.ts'
import { matchesFilter, matchesTree } from '../properties/property-filter.ts'
import { countValues, parsePropertiesParam } from '../properties/property-values.ts'
import { distinctIdsOf, type PersonRow, personsOf, readPersons, readProperties } from './person-table.ts'
import { personListItems, personViews } from './person-view.ts'

const MAX_BATCH_SIZE = 200

/** Lists persons, newest first. */
export async function listPersons({ state, url }: Call): Promise<Response> {
  const persons = await filterPersons(state, url.searchParams)
  const page = uncountedPage(persons, url, state.pageSize)
  const includeTotal = ['true', '1'].includes(url.searchParams.get('include_total') ?? '')
  return jsonResponse(200, {
    ...page,
    results: await personListItems(state, page.results),
    ...(includeTotal ? { count: persons.length } : {}),
  })
}

async function filterPersons(state: ServerState, query: URLSearchParams): Promise<PersonRow[]> {
  const distinctId = query.get('distinct_id')
  const owner = distinctId === null ? undefined : (await personsOf(state, [distinctId])).get(distinctId)
  if (distinctId !== null && owner === undefined) return []
  const email = query.get('email')
  const tree = parsePropertiesParam(query)
  const persons = (await readPersons(state, owner === undefined ? undefined : [owner]))
    .filter((person) => email === null || person.properties['email'] === email)
    .filter((person) => matchesTree(tree, (filter) => matchesFilter(filter, person.properties, state.now())))
  const search = query.get('search')?.trim().toLowerCase() ?? ''
  return search === '' ? persons : await searchPersons(state, persons, search)
}

async function searchPersons(
  state: ServerState,
  persons: readonly PersonRow[],
  search: string,
): Promise<PersonRow[]> {
  const ids = await distinctIdsOf(
    state,
    persons.map((person) => person.uuid),
  )
  return persons.filter(({ uuid, properties }) =>
    [uuid, properties['email'], properties['name'], ...(ids.get(uuid) ?? [])].some((text) =>
      String(text ?? '')
        .toLowerCase()
        .includes(search),
    ),
  )
}

/** Gets persons by distinct ids. */
export async function batchByDistinctIds({ state, body }: Call): Promise<Response> {
  const ids = readBatch(body, 'distinct_ids')
  const owners = await personsOf(state, ids)
  const views = await personViews(state, await readPersons(state, [...owners.values()]))
  const byId = new Map(views.map((view) => [view.uuid, view]))
  const found = ids.map((id) => [id, byId.get(owners.get(id) ?? '')] as const)
  return jsonResponse(200, { results: Object.fromEntries(found.filter(([, view]) => view !== undefined)) })
}

/** Gets persons by uuids. */
export async function batchByUuids({ state, body }: Call): Promise<Response> {
  const views = await personViews(state, await readPersons(state, readBatch(body, 'uuids')))
  return jsonResponse(200, { results: Object.fromEntries(views.map((view) => [view.uuid, view])) })
}

function readBatch(body: unknown, name: string): readonly string[] {
  const ids = readField(name, texts(), body) as string[]
  if (ids.length > MAX_BATCH_SIZE) {
    throw invalid(name, `Ensure this field has no more than ${MAX_BATCH_SIZE} elements.`, 'max_length')
  }
  return ids
}

/** Lists the values of a property, most frequent first. */
export async function personValues({ state, url }: Call): Promise<Response> {
  const key = requiredQuery(url, 'key')
  const persons = await readPersons(state)
  const values = persons.map((person) => person.properties[key])
  return jsonResponse(200, countValues(values, url.searchParams.get('value')))
}

/** The person in the path. */
export async function personInPath({ state, params }: Call): Promise<PersonRow> {
  const [person] = await readPersons(state, [params['id'] ?? ''])
  if (person === undefined) throw notFound('Person not found.')
  return person
}

interface Point {
  readonly timestamp: string
  readonly properties: Record<string, unknown>
  relevant_event_count: number
}

/** Gets the history of a person's properties: one point per run of events with equal properties. */
export async function propertiesTimeline(call: Call): Promise<Response> {
  const { state, url } = call
  const person = await personInPath(call)
  const now = state.now()
  const from = parseTimeParam(url.searchParams.get('date_from') ?? '-30d', 'date_from', now)
  const until = parseTimeParam(url.searchParams.get('date_to') ?? now.toISOString(), 'date_to', now)
  const { rows } = await state.engine.query(
    `SELECT timestamp, person_properties FROM ${state.engine.database}.events
     WHERE person_id = {person:UUID} AND timestamp >= {from:DateTime64(3, 'UTC')}
     AND timestamp <= {until:DateTime64(3, 'UTC')} ORDER BY timestamp`,
    { person: person.uuid, from: clickHouseTime(from), until: clickHouseTime(until) },
  )
  const points: Point[] = []
  for (const [time, cell] of rows) {
    const properties = readProperties(cell)
    const last = points.at(-1)
    if (last !== undefined && stableJson(last.properties) === stableJson(properties)) {
      last.relevant_event_count += 1
    } else {
      points.push({ timestamp: isoTime(time), properties, relevant_event_count: 1 })
    }
  }
  const names = new Set(points.flatMap((point) => Object.keys(point.properties)))
  return jsonResponse(200, {
    points,
    crucial_property_keys: [...names].filter(
      (name) => new Set(points.map((point) => stableJson(point.properties[name]))).size > 1,
    ),
    effective_date_from: from.toISOString(),
    effective_date_to: until.toISOString(),
  })
}
