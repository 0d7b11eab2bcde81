import type { Endpoint } from '../../shared/endpoint.ts'

/**
 * Endpoints of your project by name, for `endpoints.run` with a name. The module that `typehog endpoints pull` writes
 * adds them. To add one by hand, declare its type.
 *
 * @example
 * declare module 'typehog' {
 *   interface EndpointRegistry {
 *     'top-pages': Endpoint<{ since: string }, { path: string }>
 *   }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: modules of users add to it; a type could not be augmented.
export interface EndpointRegistry {}

/** The name of an endpoint: one of `EndpointRegistry`, which editors complete, or any other string. */
export type EndpointName = keyof EndpointRegistry | (string & {})

/** Variables of the endpoint with a name. Any variables for a name that is not in `EndpointRegistry`. */
export type NamedVariables<Name extends EndpointName> = [Name] extends [keyof EndpointRegistry]
  ? EndpointRegistry[Name] extends Endpoint<infer Variables, unknown>
    ? Variables
    : never
  : Record<string, unknown>

/** Rows of the endpoint with a name. Unknown columns for a name that is not in `EndpointRegistry`. */
export type NamedRow<Name extends EndpointName> = [Name] extends [keyof EndpointRegistry]
  ? EndpointRegistry[Name] extends Endpoint<unknown, infer Row>
    ? Row
    : never
  : Record<string, unknown>
