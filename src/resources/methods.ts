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

/** Lists objects: `list(query, options)`. */
export interface ListMethod<R extends ListRoute> {
  <Output>(query: QueryOf<R> | undefined, options: WithSchema<ListOptions, Output>): List<Output>
  (query?: QueryOf<R>, options?: ListOptions): List<ListItem<R>>
}

/** Lists the child objects of an object: `runs(id, query, options)`. */
export interface NestedListMethod<R extends ListRoute> {
  <Output>(id: IdOf<R>, query: QueryOf<R> | undefined, options: WithSchema<ListOptions, Output>): List<Output>
  (id: IdOf<R>, query?: QueryOf<R>, options?: ListOptions): List<ListItem<R>>
}

/** Calls an operation with an optional query string. */
export interface OptionalQueryMethod<R extends Route> {
  <Output>(query: QueryOf<R> | undefined, options: WithSchema<CallOptions, Output>): APIPromise<Output>
  (query?: QueryOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** Calls an operation with a required query string. */
export interface QueryMethod<R extends Route> {
  <Output>(query: QueryOf<R>, options: WithSchema<CallOptions, Output>): APIPromise<Output>
  (query: QueryOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** Calls an operation on one object, with an optional query string. */
export interface IdQueryMethod<R extends Route> {
  <Output>(
    id: IdOf<R>,
    query: QueryOf<R> | undefined,
    options: WithSchema<CallOptions, Output>,
  ): APIPromise<Output>
  (id: IdOf<R>, query?: QueryOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** Calls an operation with a body. `Body` narrows its type. */
export interface BodyMethod<R extends Route, Body extends BodyOf<R> = BodyOf<R>> {
  <Output>(body: Body, options: WithSchema<CallOptions, Output>): APIPromise<Output>
  (body: Body, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** Calls an operation on one object. */
export interface IdMethod<R extends Route> {
  <Output>(id: IdOf<R>, options: WithSchema<CallOptions, Output>): APIPromise<Output>
  (id: IdOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** Calls an operation on one object, with a body. `Body` narrows its type. */
export interface IdBodyMethod<R extends Route, Body extends BodyOf<R> = BodyOf<R>> {
  <Output>(id: IdOf<R>, body: Body, options: WithSchema<CallOptions, Output>): APIPromise<Output>
  (id: IdOf<R>, body: Body, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** Method types by the arguments that precede the options. */
export interface MethodShapes<R extends Route> {
  readonly 'query?': OptionalQueryMethod<R>
  readonly query: QueryMethod<R>
  readonly body: BodyMethod<R>
  readonly id: IdMethod<R>
  readonly 'id, query?': IdQueryMethod<R>
  readonly 'id, body': IdBodyMethod<R>
}

/** List method types by the arguments that precede the options. */
export interface ListShapes<R extends ListRoute> {
  readonly 'query?': ListMethod<R>
  readonly 'id, query?': NestedListMethod<R>
}

/** The number of arguments before the options, and the request input built from them. */
interface Shape {
  readonly length: number
  input(route: string, first: unknown, second: unknown): object
}

/** Stands in for a missing required argument. The call rejects it by name and sends nothing. */
const missing = null

const shapes: Readonly<Record<keyof MethodShapes<Route>, Shape>> = {
  'query?': { length: 1, input: (_, query) => ({ query }) },
  query: { length: 1, input: (_, query) => ({ query: query ?? missing }) },
  body: { length: 1, input: (_, body) => ({ body: body ?? missing }) },
  id: { length: 1, input: (route, id) => ({ path: pathOf(route, id) }) },
  'id, query?': { length: 2, input: (route, id, query) => ({ path: pathOf(route, id), query }) },
  'id, body': {
    length: 2,
    input: (route, id, body) => ({ path: pathOf(route, id), body: body ?? missing }),
  },
}

/**
 * Creates a resource method from its route and the shape of its arguments.
 *
 * @example const archive = method(api, 'POST /api/projects/{project_id}/surveys/{id}/archive/', 'id')
 */
export function method<R extends Route, S extends keyof MethodShapes<R>>(
  api: Requester,
  route: R,
  shape: S,
): MethodShapes<R>[S] {
  const call = bind(shape, (input, options) => untyped(api).request(route, input, options), route)
  // `shapes` implements the types in `MethodShapes`.
  return call as unknown as MethodShapes<R>[S]
}

/** Creates a method that lists objects, from its route and the shape of its arguments. */
export function listMethod<R extends ListRoute, S extends keyof ListShapes<R>>(
  api: Requester,
  route: R,
  shape: S,
): ListShapes<R>[S] {
  const call = bind(shape, (input, options) => untyped(api).list(route, input, options), route)
  return call as unknown as ListShapes<R>[S]
}

function bind(
  shape: keyof typeof shapes,
  send: (input: object, options?: CallOptions) => unknown,
  route: string,
): (...args: readonly unknown[]) => unknown {
  const { length, input } = shapes[shape]
  return (first, second, third) => {
    // The client validates the options.
    const options = (length === 1 ? second : third) as CallOptions | undefined
    return send(input(route, first, second), options)
  }
}

/** Sends a request after building its input. If `input` throws, the call rejects with that error. */
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

/** Adds a check of the arguments to a method. If `check` throws, the call rejects with that error. */
export function withCheck<Method extends (...args: never[]) => APIPromise<unknown>>(
  call: Method,
  check: (...args: readonly unknown[]) => void,
): Method {
  const checked = (...args: never[]): APIPromise<unknown> => {
    try {
      check(...args)
    } catch (error) {
      return new APIPromise<never>(Promise.reject(error), () => Promise.reject(error))
    }
    return call(...args)
  }
  // It has the arguments and the result of `call`.
  return checked as Method
}

/** The path parameter that the client does not fill in itself. */
function pathOf(route: string, id: unknown): Readonly<Record<string, unknown>> {
  const name = /\{(?!project_id\}|organization_id\})(\w+)\}/.exec(route)?.[1] ?? ''
  return { [name]: id }
}

/** A requester without route types. Its callers provide the types. */
interface UntypedRequester {
  list(route: string, input: object, options?: ListOptions): never
  request(route: string, input: object, options?: CallOptions): never
}

function untyped(api: Requester): UntypedRequester {
  return api as unknown as UntypedRequester
}
