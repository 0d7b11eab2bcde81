import { createClient } from 'typehog'
import { endpoints } from './posthog.endpoints.js'

// The compiler rejects each of these calls.
const posthog = createClient()

await posthog.endpoints.run(endpoints.planRevenue, { min_amount: 20, planet: 'Mars' })
await posthog.endpoints.run(endpoints.planRevenue, {})
await posthog.endpoints.run(endpoints.planRevenu, { min_amount: 20 })

const { rows } = await posthog.endpoints.run(endpoints.planRevenue, { min_amount: 20 })
console.log(rows[0]?.profit)
