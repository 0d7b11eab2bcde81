import type { TypehogClient } from '../../src/client/create-client.ts'

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

/** Creates one endpoint that runs its query and one that is served by a table. */
export async function createSampleEndpoints(posthog: TypehogClient): Promise<void> {
  for (const body of variables) {
    await posthog.request('POST /api/projects/{project_id}/insight_variables/', { body })
  }
  const create = (
    name: string,
    description: string,
    query: string,
    materialized: boolean,
  ): Promise<unknown> =>
    posthog.request('POST /api/projects/{project_id}/endpoints/', {
      body: { name, description, query: { kind: 'HogQLQuery', query }, is_materialized: materialized },
    })
  await create('top-pages', 'Most viewed pages of one country.', topPages, false)
  await create('plan-revenue', 'Purchases and revenue by plan.', planRevenue, true)
}
