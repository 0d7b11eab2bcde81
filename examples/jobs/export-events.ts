import { createClient } from 'typehog'

// Exports all events of a quarter. Start a killed export again to resume it.
const posthog = createClient()
const columns = ['uuid', 'timestamp', 'event', 'distinct_id', 'properties.$pathname'] as const
const quarter = { from: '2026-01-01', to: '2026-04-01', columns, verifyCount: true }
const { rows, bytes } = await posthog.events.stream(quarter).toFile('events.csv')
console.log(`${rows} events, ${bytes} bytes`)
