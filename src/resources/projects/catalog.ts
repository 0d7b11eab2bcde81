import { NotFoundError } from '../../runtime/errors/api-errors.ts'
import { isPostHogError } from '../../runtime/errors/posthog-error.ts'
import type { List } from '../../runtime/paging/list.ts'
import type { ListRoute } from '../requester.ts'

/** Maximum number of objects of one type that a project may have. */
const maxObjects = 10_000
/** Maximum length of a search. Source: PostHog/posthog products/dashboards/backend/api/dashboard.py. */
const maxSearch = 200

/** An object of a project, as PostHog returned it. */
export type JsonObject = Readonly<Record<string, unknown>>

/** How to read the objects of one type. */
export interface CatalogSource {
  /** Singular noun, for messages. */
  readonly noun: string
  /** Route of the list, for errors. */
  readonly route: ListRoute
  /** Field that identifies an object in every project. */
  readonly name: string
  /** Field that identifies an object in its project. */
  readonly id: string
  /** Lists objects: those that match a search, if PostHog can search this type. */
  list(search: string | undefined): List<object>
  /** Whether `list` can search. */
  readonly searches: boolean
  /** Reads one object. Default: finds it in the list. */
  get?(id: number | string): PromiseLike<object>
}

/** The objects of one type in a project. Reads each name and id once. */
export interface Catalog {
  readonly noun: string
  readonly route: ListRoute
  /** The name of an object. Empty if it has none. */
  nameOf(object: JsonObject): string
  idOf(object: JsonObject): number | string
  all(): Promise<readonly JsonObject[]>
  /** The objects with this exact name. PostHog allows several for most types. */
  named(name: string): Promise<readonly JsonObject[]>
  byId(id: number | string): Promise<JsonObject | undefined>
  /** Adds an object that was created. */
  add(object: JsonObject): void
}

/** Creates a catalog, which reads on demand. */
export function createCatalog(source: CatalogSource): Catalog {
  let complete: Promise<JsonObject[]> | undefined
  const names = new Map<string, Promise<readonly JsonObject[]>>()
  const ids = new Map<string, Promise<JsonObject | undefined>>()
  const nameOf = (object: JsonObject): string => String(object[source.name] ?? '')
  // PostHog has numeric ids and UUIDs.
  const idOf = (object: JsonObject): number | string => object[source.id] as number | string
  const list = async (search?: string): Promise<JsonObject[]> =>
    (await source.list(search).toArray({ max: maxObjects })).map(fieldsOf)
  const all = (): Promise<JsonObject[]> => {
    complete ??= list()
    return complete
  }
  const find = async (name: string): Promise<JsonObject[]> => {
    const isSearched = source.searches && complete === undefined && name.length <= maxSearch
    return (await (isSearched ? list(name) : all())).filter((object) => nameOf(object) === name)
  }
  const read = async (id: string): Promise<JsonObject | undefined> => {
    if (source.get === undefined) return (await all()).find((object) => String(idOf(object)) === id)
    try {
      const object = fieldsOf(await source.get(id))
      return object['deleted'] === true ? undefined : object
    } catch (error) {
      if (isPostHogError(error) && error instanceof NotFoundError && !error.routeUnknown) return undefined
      throw error
    }
  }
  return {
    noun: source.noun,
    route: source.route,
    nameOf,
    idOf,
    all,
    named: (name) => cached(names, name, find),
    byId: (id) => cached(ids, String(id), read),
    add: (object) => {
      const known = cached(names, nameOf(object), find)
      names.set(
        nameOf(object),
        known.then((found) => [...found, object]),
      )
    },
  }
}

/** The fields of an object. The types of responses have no index signature. */
export function fieldsOf(object: object): JsonObject {
  return object as JsonObject
}

function cached<Value>(
  values: Map<string, Promise<Value>>,
  key: string,
  read: (key: string) => Promise<Value>,
): Promise<Value> {
  const known = values.get(key)
  if (known !== undefined) return known
  const value = read(key)
  values.set(key, value)
  return value
}
