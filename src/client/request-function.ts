import type { Lists, Operations } from '../generated/operations.gen.ts'
import type { CallOptions, ListOptions, RequestOptions, WithSchema } from '../resources/requester.ts'
import type { List } from '../runtime/paging/list.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import type { RouteHint } from './did-you-mean.ts'

/**
 * Operations of your own PostHog server, by method and path. The module that `typehog schema pull` writes adds them.
 * They replace operations of the same name in Typehog's snapshot.
 */
// biome-ignore lint/suspicious/noEmptyInterface: modules of users add to it; a type could not be augmented.
export interface ServerOperations {}

/** Item types of the lists of your own PostHog server. The module that `typehog schema pull` writes adds them. */
// biome-ignore lint/suspicious/noEmptyInterface: modules of users add to it; a type could not be augmented.
export interface ServerLists {}

// Not conditional types over a route: the compiler would evaluate them for each of two thousand routes. Without additions
// these are the maps themselves.

type AllOperations = [keyof ServerOperations] extends [never]
  ? Operations
  : Omit<Operations, keyof ServerOperations> & ServerOperations

type AllLists = [keyof ServerOperations] extends [never]
  ? Lists
  : Omit<Lists, keyof ServerOperations> & ServerLists

/** A route of PostHog's API: method and path, as in PostHog's schema. */
export type Route = keyof AllOperations

/** A route that returns a list. */
export type ListRoute = keyof AllLists

/** Input of a route: `path`, `query` and `body`, each required if the route requires it. */
export type RequestInput<R extends Route> = {
  // Inputs of your own server have the path as `url`.
  [Part in keyof AllOperations[R]['input'] as Exclude<Part, 'url'>]: AllOperations[R]['input'][Part]
}

/** Response data of a route. */
export type RequestOutput<R extends Route> = AllOperations[R]['output']

/** One item of a list. */
export type ListItem<R extends ListRoute> = AllLists[R]

/** Input of a route that is known only at run time. */
interface AnyInput {
  readonly path?: object
  readonly query?: object
  readonly body?: unknown
}

/**
 * Arguments for one route of `All`. The input is optional if the route requires nothing. While an editor completes a
 * route, `R` is `All`: the inputs of two thousand routes would take it half a second.
 */
type Arguments<R extends Route, All, Options> = [All] extends [R]
  ? [input?: AnyInput, options?: Options]
  : Record<never, never> extends RequestInput<R>
    ? [input?: RequestInput<R>, options?: Options]
    : [input: RequestInput<R>, options?: Options]

/** Arguments of `request`. The input is optional if the route requires nothing. */
export type RequestArguments<R extends Route> = Arguments<R, Route, RequestOptions>

/** Arguments of `list`. The input is optional if the route requires nothing. */
export type ListArguments<R extends Route> = Arguments<R, ListRoute, ListOptions>

/** Calls any route, typed by its method and path. */
export interface RequestFunction {
  <R extends Route, Output>(
    route: R,
    input: RequestArguments<R>[0],
    options: WithSchema<CallOptions, Output>,
  ): APIPromise<Output>
  <R extends Route, Text extends string = string>(
    route: R | RouteHint<Text, Route>,
    ...args: RequestArguments<R>
  ): APIPromise<RequestOutput<R>>
}

/** Lists the items of any paginated route, typed by its method and path. */
export interface ListFunction {
  <R extends ListRoute, Output>(
    route: R,
    input: ListArguments<R>[0],
    options: WithSchema<ListOptions, Output>,
  ): List<Output>
  <R extends ListRoute, Text extends string = string>(
    route: R | RouteHint<Text, ListRoute>,
    ...args: ListArguments<R>
  ): List<ListItem<R>>
}
