import type { List } from '../runtime/paging/list.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import type { CallOptions, ListItem, ListOptions, ListRoute, Requester, Route } from './requester.ts'
import type { AnswerOf, BodyOf, FiltersOf, IdOf } from './routes.ts'

/** Answers a list. */
export type ListCall<R extends ListRoute> = (
  filters?: FiltersOf<R>,
  options?: ListOptions,
) => List<ListItem<R>>

/** Answers a list that belongs to one object. */
export type ListOfCall<R extends ListRoute> = (
  id: IdOf<R>,
  filters?: FiltersOf<R>,
  options?: ListOptions,
) => List<ListItem<R>>

/** Reads something, with filters that may be left out. */
export type ReadCall<R extends Route> = (
  filters?: FiltersOf<R>,
  options?: CallOptions,
) => APIPromise<AnswerOf<R>>

/** Reads something by what it is asked. */
export type AskCall<R extends Route> = (query: FiltersOf<R>, options?: CallOptions) => APIPromise<AnswerOf<R>>

/** Reads something of one object. */
export type ReadOfCall<R extends Route> = (
  id: IdOf<R>,
  filters?: FiltersOf<R>,
  options?: CallOptions,
) => APIPromise<AnswerOf<R>>

/** Sends a body. */
export type SendCall<R extends Route> = (body: BodyOf<R>, options?: CallOptions) => APIPromise<AnswerOf<R>>

/** Does something with one object. */
export type ActCall<R extends Route> = (id: IdOf<R>, options?: CallOptions) => APIPromise<AnswerOf<R>>

/** Does something with one object, by a body. */
export type ActWithCall<R extends Route> = (
  id: IdOf<R>,
  body: BodyOf<R>,
  options?: CallOptions,
) => APIPromise<AnswerOf<R>>

/** Calls of a client whose types these factories prove by their own. */
interface Untyped {
  list(route: string, input: object, options?: ListOptions): never
  request(route: string, input: object, options?: CallOptions): never
}

/** Makes a `ListCall`. */
export function listCall<R extends ListRoute>(api: Requester, route: R): ListCall<R> {
  return (query, options) => untyped(api).list(route, { query }, options)
}

/** Makes a `ListOfCall`. */
export function listOfCall<R extends ListRoute>(api: Requester, route: R): ListOfCall<R> {
  return (id, query, options) => untyped(api).list(route, { path: named(route, id), query }, options)
}

/** Makes a `ReadCall`, or an `AskCall`. */
export function readCall<R extends Route>(api: Requester, route: R): ReadCall<R> {
  return (query, options) => untyped(api).request(route, { query }, options)
}

/** Makes a `ReadOfCall`. */
export function readOfCall<R extends Route>(api: Requester, route: R): ReadOfCall<R> {
  return (id, query, options) => untyped(api).request(route, { path: named(route, id), query }, options)
}

/** Makes a `SendCall`. */
export function sendCall<R extends Route>(api: Requester, route: R): SendCall<R> {
  return (body, options) => untyped(api).request(route, { body }, options)
}

/** Makes an `ActCall`. */
export function actCall<R extends Route>(api: Requester, route: R): ActCall<R> {
  return (id, options) => untyped(api).request(route, { path: named(route, id) }, options)
}

/** Makes an `ActWithCall`. */
export function actWithCall<R extends Route>(api: Requester, route: R): ActWithCall<R> {
  return (id, body, options) => untyped(api).request(route, { path: named(route, id), body }, options)
}

/** The one parameter of a path that the client does not fill in. */
function named(route: string, id: unknown): Readonly<Record<string, unknown>> {
  const names = [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const name = names.find((candidate) => candidate !== 'project_id' && candidate !== 'organization_id') ?? ''
  return { [name]: id }
}

function untyped(api: Requester): Untyped {
  return api as unknown as Untyped
}
