import { createClient, isPostHogError } from 'typehog'
import { endpoints } from './posthog.endpoints.js'

// Host, project and key come from the environment.
const posthog = createClient()

// Inline endpoint: `country` has a default, so it may be left out; `since` is required.
const pages = await posthog.endpoints.run(
  endpoints.topPages,
  { since: '2026-01-01', country: 'DE' },
  { limit: 5 },
)
console.log(
  `top-pages, version ${pages.version}, served by ${pages.materialized ? 'its table' : 'the query'}:`,
)
console.table(pages.rows)

// Materialised endpoint: PostHog requires every variable, and so does the compiler.
const plans = await posthog.endpoints.run(endpoints.planRevenue, { min_amount: 20 })
console.log(
  `plan-revenue, version ${plans.version}, served by ${plans.materialized ? 'its table' : 'the query'}:`,
)
console.table(plans.rows)

// Rows are typed: `revenue` is a number or null, and a column that is not there does not compile.
const total = plans.rows.reduce((sum, { revenue }) => sum + (revenue ?? 0), 0)
console.log(`Revenue in all: ${total.toFixed(2)}\n`)

// What comes from outside the program meets the same rules at run time, with the fix beside the error.
try {
  await posthog.endpoints.run(endpoints.planRevenue, JSON.parse('{ "min_amount": 20, "planet": "Mars" }'))
} catch (error) {
  if (!isPostHogError(error)) throw error
  console.log(`At run time: ${error.name}: ${error.message}\n  Fix: ${error.fix}`)
}
