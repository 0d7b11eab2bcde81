/** Type of a variable in an endpoint definition, as PostHog's own CLI names it, and `date`. */
export type EndpointVariableType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'array' | 'object'

/** How often PostHog refreshes a materialized endpoint. */
export type EndpointSchedule = '15min' | '30min' | '1hour' | '6hour' | '12hour' | '24hour' | '7day'

/** Seconds of `data_freshness_seconds` by schedule, as PostHog's CLI names them (cli/src/experimental/endpoints/mod.rs). */
export const scheduleSeconds: Readonly<Record<EndpointSchedule, number>> = {
  '15min': 900,
  '30min': 1_800,
  '1hour': 3_600,
  '6hour': 21_600,
  '12hour': 43_200,
  '24hour': 86_400,
  '7day': 604_800,
}

/** PostHog's rule for names of endpoints. Source: PostHog/posthog products/endpoints/backend/constants.py */
export const endpointName: RegExp = /^[A-Za-z][\w-]{0,127}$/

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
