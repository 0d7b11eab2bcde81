// A Bun script that writes KPIs to a file: bun kpis.ts kpis.json
import { createClient, hogql } from 'typehog'

const file = Bun.argv[2] ?? 'kpis.json'
const posthog = createClient()
const { people, revenue } = await posthog.hogql.all({
  people: hogql<{ n: number }>`select count(distinct person_id) as n from events`,
  revenue: hogql<{ plan: string | null; usd: number }>`
    select properties.plan as plan, sum(properties.amount) as usd from events
    where event = ${'purchase'} group by plan order by usd desc limit 100`,
})
if (revenue.complete !== true) throw new Error('The result does not include all plans.')
await Bun.write(file, JSON.stringify({ people: people.rows[0]?.n ?? 0, revenue: revenue.rows }, null, 2))
console.log(`${file}: ${revenue.rows.length} plans`)
