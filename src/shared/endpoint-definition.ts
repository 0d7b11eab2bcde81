/** Type of a variable in an endpoint definition, as PostHog's own CLI names it, and `date`. */
export type EndpointVariableType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'array' | 'object'

/** How often PostHog refreshes a materialized endpoint. */
export type EndpointSchedule = '15min' | '30min' | '1hour' | '6hour' | '12hour' | '24hour' | '7day'

/** An endpoint as code defines it, before PostHog has a version of it. Plain data. */
export interface EndpointDefinition {
  readonly name: string
  readonly description?: string
  /** A HogQL query (`kind: 'HogQLQuery'` with its text in `query`) or a query of another kind, whole. */
  readonly query: { readonly kind: string; readonly query?: string; readonly [key: string]: unknown }
  readonly variables: readonly {
    readonly name: string
    readonly type: EndpointVariableType
    readonly default?: unknown
  }[]
  readonly materialization?: { readonly enabled: boolean; readonly schedule?: EndpointSchedule }
}
