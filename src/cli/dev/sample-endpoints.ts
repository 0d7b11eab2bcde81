import type { TypehogClient } from '../../client/create-client.ts'

const topPages = `select properties.$pathname as path, count() as views, uniq(person_id) as visitors
from events
where event = '$pageview'
  and properties.country = {variables.country}
  and timestamp >= toDateTime({variables.since})
group by path
order by views desc, path`

const planRevenue = `select properties.plan as plan, count() as purchases, sum(properties.amount) as revenue
from events
where event = 'purchase' and properties.amount >= {variables.min_amount}
group by plan
order by revenue desc`

const variables = [
  { name: 'country', code_name: 'country', type: 'String', default_value: 'US' },
  { name: 'since', code_name: 'since', type: 'Date' },
  { name: 'min_amount', code_name: 'min_amount', type: 'Number', default_value: 0 },
] as const

/** Creates two sample endpoints: `top-pages` runs its query, `plan-revenue` reads a materialized table. */
export async function createSampleEndpoints(posthog: TypehogClient, signal?: AbortSignal): Promise<void> {
  const options = signal === undefined ? {} : { signal }
  for (const body of variables) {
    await posthog.request('POST /api/projects/{project_id}/insight_variables/', { body }, options)
  }
  const create = (body: {
    readonly name: string
    readonly description: string
    readonly query: { readonly kind: 'HogQLQuery'; readonly query: string }
    readonly is_materialized: boolean
  }): Promise<unknown> => posthog.request('POST /api/projects/{project_id}/endpoints/', { body }, options)
  await create({
    name: 'top-pages',
    description: 'Most viewed pages in one country.',
    query: { kind: 'HogQLQuery', query: topPages },
    is_materialized: false,
  })
  await create({
    name: 'plan-revenue',
    description: 'Purchases and revenue by plan.',
    query: { kind: 'HogQLQuery', query: planRevenue },
    is_materialized: true,
  })
}
