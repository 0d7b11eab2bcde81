import { loadTypehog } from './load-typehog.ts'

// An export in a process of its own, which may be killed: `<url> <key> <file> <concurrency>
// [build]`. Tells how far it is, and at the end how much memory it took.

const [host = '', apiKey = '', path = '', concurrency = '1', build] = process.argv.slice(2)
const { createClient } = await loadTypehog(build === '' ? undefined : build)
const posthog = createClient({ host, apiKey, projectId: 1 })
const columns = ['uuid', 'timestamp', 'event', 'distinct_id'] as const
const started = performance.now()
const range = { from: '2026-01-01', to: '2026-01-13', columns }
const job = posthog.events.stream({ ...range, concurrency: Number(concurrency) }).toFile(path)
for await (const { rows } of job) process.send?.({ rows })
const { resumedAt } = await job
const peak = process.resourceUsage().maxRSS * 1024
process.send?.({ resumedAt, peak, ms: performance.now() - started })
process.disconnect?.()
