import type { ListRoute, RequestInput, RequestOutput, Route } from './requester.ts'

/** Names of what the client fills in. */
type FilledIn = 'project_id' | 'organization_id'

/** Filters of a route, as PostHog spells them. */
export type FiltersOf<R extends Route> = Exclude<RequestInput<R>['query' & keyof RequestInput<R>], undefined>

/** The body that a route takes. */
export type BodyOf<R extends Route> = Exclude<RequestInput<R>['body' & keyof RequestInput<R>], undefined>

/** What names one object in a route's path. */
export type IdOf<R extends Route> =
  Exclude<RequestInput<R>['path' & keyof RequestInput<R>], undefined> extends infer Path
    ? Path[Exclude<keyof Path, FilledIn>]
    : never

/** What a route answers. */
export type AnswerOf<R extends Route> = RequestOutput<R>

// Asked as `Extract<Route, R>`, the compiler would hold each of a thousand routes against each of these: nine tenths of
// what it does for a small program. Asked as `R extends Route ? R : never`, it would do the like for the declarations.

/** Those of some routes that exist. */
export type Known<R extends string> = R extends infer Found extends Route ? Found : never

/** Those of some routes that exist and answer lists. */
export type KnownList<R extends string> = R extends infer Found extends ListRoute ? Found : never
