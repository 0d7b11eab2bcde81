import { createClient, hogql } from 'typehog'

const posthog = createClient()
const week = hogql`timestamp > now() - interval 7 day`
const { people, views, revenue } = await posthog.hogql.all({
  people: hogql<{ n: number }>`select count(distinct person_id) as n from events where ${week}`,
  views: hogql<{ n: number }>`select count() as n from events where event = ${'$pageview'} and ${week}`,
  revenue: hogql<{
    n: number
  }>`select sum(properties.amount) as n from events where event = ${'purchase'} and ${week}`,
})
const [a, b, c] = [people, views, revenue].map(({ rows }) => rows[0]?.n ?? 0)
console.log(`Last week: ${a} people, ${b} page views, ${c?.toFixed(2)} in revenue`)
