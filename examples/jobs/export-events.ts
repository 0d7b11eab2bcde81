import { createClient } from 'typehog'

// All events of a quarter, however many. Killed on the way? Start it again: it goes on where it was.
const posthog = createClient()
const columns = ['uuid', 'timestamp', 'event', 'distinct_id', 'properties.$pathname'] as const
const quarter = { from: '2026-01-01', to: '2026-04-01', columns, verifyCount: true }
const { rows, bytes } = await posthog.events.stream(quarter).toFile('events.csv')
console.log(`${rows} events, ${bytes} bytes`)
