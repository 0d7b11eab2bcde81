import { createClient, type TypehogClient } from '../../../src/client/create-client.ts'
import { type LocalPostHog, startLocalPostHog } from '../../../src/local/local-posthog.ts'
import type { ClientOptions } from '../../../src/runtime/config/options.ts'
import type { Endpoint } from '../../../src/shared/endpoint.ts'

/** A listening local PostHog with two endpoints, and clients for it. */
export interface LocalAccount extends AsyncDisposable {
  readonly posthog: LocalPostHog
  readonly url: string
  readonly client: (options?: ClientOptions) => TypehogClient
}

const byCountry = `select properties.country as country, count() as signups from events
where event = 'sign_up' and properties.country = {variables.country} group by country`

/** Version 2 of the inline endpoint; `country` has a default. */
export const signups: Endpoint<{ country?: string }, { country: string; signups: number }> = {
  name: 'signups',
  version: 2,
  kind: 'HogQLQuery',
  materialized: false,
  columns: [
    { name: 'country', type: 'string' },
    { name: 'signups', type: 'integer' },
  ],
}

/** The materialized endpoint, whose variable PostHog requires. */
export const revenue: Endpoint<{ min_amount: number }, { plan: string; revenue: number }> = {
  name: 'revenue',
  version: 1,
  kind: 'HogQLQuery',
  materialized: true,
  columns: [
    { name: 'plan', type: 'string' },
    { name: 'revenue', type: 'float' },
  ],
}

/** Starts a local PostHog and creates the endpoints and variables of the tests. */
export async function startAccount(): Promise<LocalAccount> {
  const posthog = await startLocalPostHog({ events: 2_000, throttle: false })
  const { url } = await posthog.listen()
  const client = (options: ClientOptions = {}): TypehogClient =>
    createClient({
      apiKey: posthog.personalApiKey,
      host: url,
      projectId: posthog.projectId,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      ...options,
    })
  const { request } = client()
  const variables = 'POST /api/projects/{project_id}/insight_variables/'
  await request(variables, {
    body: { name: 'country', type: 'String', default_value: 'US' },
  })
  await request(variables, {
    body: { name: 'min_amount', type: 'Number', default_value: 0 },
  })
  const endpoints = 'POST /api/projects/{project_id}/endpoints/'
  await request(endpoints, {
    body: { name: signups.name, query: { kind: 'HogQLQuery', query: byCountry.replace('count()', '1') } },
  })
  await request('PATCH /api/projects/{project_id}/endpoints/{name}/', {
    path: { name: signups.name },
    body: { query: { kind: 'HogQLQuery', query: byCountry } },
  })
  await request(endpoints, {
    body: {
      name: revenue.name,
      is_materialized: true,
      query: {
        kind: 'HogQLQuery',
        query: `select properties.plan as plan, sum(properties.amount) as revenue from events
where event = 'purchase' and properties.amount >= {variables.min_amount} group by plan`,
      },
    },
  })
  return { posthog, url, client, [Symbol.asyncDispose]: () => posthog.close() }
}
