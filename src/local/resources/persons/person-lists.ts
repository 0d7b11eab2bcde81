import { invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { requiredQuery } from '../../http/parameters.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { texts } from '../../store/fields.ts'
import { readField } from '../../store/read-fields.ts'
import { matchesFilter, matchesTree } from '../properties/property-filter.ts'
import { countValues } from '../properties/value-counts.ts'
import { personPage } from './person-page.ts'
import { distinctIdsOf, type PersonRow, personsOf, readPersons } from './person-table.ts'
import { personViews } from './person-view.ts'

const MOST_IN_BATCH = 200

/** GET the list: newest first. */
export async function listPersons({ world, url }: Call): Promise<Response> {
  const persons = await filtered(world, url.searchParams)
  const page = personPage(persons, url, world.pageSize)
  const total = ['true', '1'].includes(url.searchParams.get('include_total') ?? '')
  return jsonResponse(200, {
    ...page,
    results: await personViews(world, page.results),
    ...(total ? { count: persons.length } : {}),
  })
}

async function filtered(world: ServerState, query: URLSearchParams): Promise<PersonRow[]> {
  const distinctId = query.get('distinct_id')
  const owner = distinctId === null ? undefined : (await personsOf(world, [distinctId])).get(distinctId)
  if (distinctId !== null && owner === undefined) return []
  const email = query.get('email')
  const tree = readFilters(query.get('properties'))
  const persons = (await readPersons(world, owner === undefined ? undefined : [owner]))
    .filter((person) => email === null || person.properties['email'] === email)
    .filter((person) => matchesTree(tree, (filter) => matchesFilter(filter, person.properties, world.now())))
  const search = query.get('search')?.trim().toLowerCase() ?? ''
  return search === '' ? persons : await searched(world, persons, search)
}

async function searched(
  world: ServerState,
  persons: readonly PersonRow[],
  search: string,
): Promise<PersonRow[]> {
  const ids = await distinctIdsOf(
    world,
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

function readFilters(text: string | null): unknown {
  if (text === null || text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw invalid('properties', 'Properties are unparsable!')
  }
}

/** POST distinct ids; answers the persons by these. */
export async function batchByDistinctIds({ world, body }: Call): Promise<Response> {
  const ids = batchOf(body, 'distinct_ids')
  const owners = await personsOf(world, ids)
  const views = await personViews(world, await readPersons(world, [...owners.values()]))
  const byId = new Map(views.map((view) => [view.uuid, view]))
  const found = ids.map((id) => [id, byId.get(owners.get(id) ?? '')] as const)
  return jsonResponse(200, { results: Object.fromEntries(found.filter(([, view]) => view !== undefined)) })
}

/** POST uuids; answers the persons by these. */
export async function batchByUuids({ world, body }: Call): Promise<Response> {
  const views = await personViews(world, await readPersons(world, batchOf(body, 'uuids')))
  return jsonResponse(200, { results: Object.fromEntries(views.map((view) => [view.uuid, view])) })
}

function batchOf(body: unknown, name: string): readonly string[] {
  const ids = readField(name, texts(), body) as string[]
  if (ids.length > MOST_IN_BATCH) {
    throw invalid(name, `Ensure this field has no more than ${MOST_IN_BATCH} elements.`, 'max_length')
  }
  return ids
}

/** GET the values of a property, the most frequent first. */
export async function personValues({ world, url }: Call): Promise<Response> {
  const key = requiredQuery(url, 'key')
  const persons = await readPersons(world)
  const values = persons.map((person) => person.properties[key])
  return jsonResponse(200, countValues(values, url.searchParams.get('value')))
}

/** The person that the path names. */
export async function personInPath({ world, params }: Call): Promise<PersonRow> {
  const [person] = await readPersons(world, [params['id'] ?? ''])
  if (person === undefined) throw notFound('Person not found.')
  return person
}
