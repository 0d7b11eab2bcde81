import { createClient, isPostHogError } from 'typehog'
import { endpoints } from './posthog.endpoints.js'

// Reads host, project and key from the environment.
const posthog = createClient()

// An inline endpoint: `country` has a default, so it is optional; `since` is required.
const pages = await posthog.endpoints.run(
  endpoints.topPages,
  { since: '2026-01-01', country: 'DE' },
  { limit: 5 },
)
console.log(
  `top-pages, version ${pages.version}, served by ${pages.materialized ? 'its table' : 'the query'}:`,
)
console.table(pages.rows)

// A materialized endpoint: PostHog requires every variable, and so does the compiler.
const plans = await posthog.endpoints.run(endpoints.planRevenue, { min_amount: 20 })
console.log(
  `plan-revenue, version ${plans.version}, served by ${plans.materialized ? 'its table' : 'the query'}:`,
)
console.table(plans.rows)

// Rows are typed: `revenue` is a number or null, and an unknown column does not compile.
const total = plans.rows.reduce((sum, { revenue }) => sum + (revenue ?? 0), 0)
console.log(`Total revenue: ${total.toFixed(2)}\n`)

// Untyped input meets the same rules at run time, and the error has a fix.
try {
  await posthog.endpoints.run(endpoints.planRevenue, JSON.parse('{ "min_amount": 20, "planet": "Mars" }'))
} catch (error) {
  if (!isPostHogError(error)) throw error
  console.log(`At run time: ${error.name}: ${error.message}\n  Fix: ${error.fix}`)
}
