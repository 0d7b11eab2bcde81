import type { List } from '../runtime/paging/list.ts'
import { APIPromise } from '../runtime/transport/api-promise.ts'
import type {
  BodyOf,
  CallOptions,
  IdOf,
  ListItem,
  ListOptions,
  ListRoute,
  QueryOf,
  Requester,
  RequestInput,
  ResponseOf,
  Route,
  WithSchema,
} from './requester.ts'

/** Answers a list. */
export interface ListCall<R extends ListRoute> {
  <Output>(filters: QueryOf<R> | undefined, options: WithSchema<ListOptions, Output>): List<Output>
  (filters?: QueryOf<R>, options?: ListOptions): List<ListItem<R>>
}

/** Answers a list that belongs to one object. */
export interface ListOfCall<R extends ListRoute> {
  <Output>(
    id: IdOf<R>,
    filters: QueryOf<R> | undefined,
    options: WithSchema<ListOptions, Output>,
  ): List<Output>
  (id: IdOf<R>, filters?: QueryOf<R>, options?: ListOptions): List<ListItem<R>>
}

/** Reads something, with filters that may be left out. */
export interface ReadCall<R extends Route> {
  <Output>(filters: QueryOf<R> | undefined, options: WithSchema<CallOptions, Output>): APIPromise<Output>
  (filters?: QueryOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** Reads something by what it is asked. */
export interface AskCall<R extends Route> {
  <Output>(query: QueryOf<R>, options: WithSchema<CallOptions, Output>): APIPromise<Output>
  (query: QueryOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** Reads something of one object. */
export interface ReadOfCall<R extends Route> {
  <Output>(
    id: IdOf<R>,
    filters: QueryOf<R> | undefined,
    options: WithSchema<CallOptions, Output>,
  ): APIPromise<Output>
  (id: IdOf<R>, filters?: QueryOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** Sends a body. */
export interface SendCall<R extends Route> {
  <Output>(body: BodyOf<R>, options: WithSchema<CallOptions, Output>): APIPromise<Output>
  (body: BodyOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** Does something with one object. */
export interface ActCall<R extends Route> {
  <Output>(id: IdOf<R>, options: WithSchema<CallOptions, Output>): APIPromise<Output>
  (id: IdOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** Does something with one object, by a body. */
export interface ActWithCall<R extends Route> {
  <Output>(id: IdOf<R>, body: BodyOf<R>, options: WithSchema<CallOptions, Output>): APIPromise<Output>
  (id: IdOf<R>, body: BodyOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** Calls of a client whose types these factories prove by their own. */
interface Untyped {
  list(route: string, input: object, options?: ListOptions): never
  request(route: string, input: object, options?: CallOptions): never
}

/** Makes a `ListCall`. */
export function listCall<R extends ListRoute>(api: Requester, route: R): ListCall<R> {
  return (query?: unknown, options?: ListOptions) => untyped(api).list(route, { query }, options)
}

/** Makes a `ListOfCall`. */
export function listOfCall<R extends ListRoute>(api: Requester, route: R): ListOfCall<R> {
  return (id: unknown, query?: unknown, options?: ListOptions) =>
    untyped(api).list(route, { path: pathOf(route, id), query }, options)
}

/** Makes a `ReadCall`. */
export function readCall<R extends Route>(api: Requester, route: R): ReadCall<R> {
  return (query?: unknown, options?: CallOptions) => untyped(api).request(route, { query }, options)
}

/** Makes an `AskCall`. */
export function askCall<R extends Route>(api: Requester, route: R): AskCall<R> {
  return (query: unknown, options?: CallOptions) =>
    untyped(api).request(route, { query: query ?? absent }, options)
}

/** Makes a `ReadOfCall`. */
export function readOfCall<R extends Route>(api: Requester, route: R): ReadOfCall<R> {
  return (id: unknown, query?: unknown, options?: CallOptions) =>
    untyped(api).request(route, { path: pathOf(route, id), query }, options)
}

/** Makes a `SendCall`. */
export function sendCall<R extends Route>(api: Requester, route: R): SendCall<R> {
  return (body: unknown, options?: CallOptions) =>
    untyped(api).request(route, { body: body ?? absent }, options)
}

/** Makes an `ActCall`. */
export function actCall<R extends Route>(api: Requester, route: R): ActCall<R> {
  return (id: unknown, options?: CallOptions) =>
    untyped(api).request(route, { path: pathOf(route, id) }, options)
}

/** Makes an `ActWithCall`. */
export function actWithCall<R extends Route>(api: Requester, route: R): ActWithCall<R> {
  return (id: unknown, body: unknown, options?: CallOptions) =>
    untyped(api).request(route, { path: pathOf(route, id), body: body ?? absent }, options)
}

/** A call whose input is checked first. What `input` throws rejects the call. */
export function checkedCall<R extends Route>(
  api: Requester,
  route: R,
  input: () => RequestInput<R>,
  options: CallOptions | undefined,
): APIPromise<ResponseOf<R>> {
  try {
    return untyped(api).request(route, input(), options)
  } catch (error) {
    return new APIPromise<never>(Promise.reject(error), () => Promise.reject(error))
  }
}

/** In place of an argument that is required: undefined would send the call without it. The call refuses it by name. */
const absent = null

/** Fills the one parameter of a path that the client does not fill in. */
function pathOf(route: string, id: unknown): Readonly<Record<string, unknown>> {
  const name = /\{(?!project_id\}|organization_id\})(\w+)\}/.exec(route)?.[1] ?? ''
  return { [name]: id }
}

function untyped(api: Requester): Untyped {
  return api as unknown as Untyped
}
