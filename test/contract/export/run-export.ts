import { createClient, hogql } from '../../../src/index.ts'

// Exports in its own process, so that a test can kill it: `run-export.ts <host> <key> <file> [<rows per report>]`.
// Reports its progress and finally its peak memory, in bytes.

const [host = '', apiKey = '', path = '', step = '1000'] = process.argv.slice(2)
const posthog = createClient({
  host,
  apiKey,
  projectId: 1,
  limits: false,
  logLevel: 'off',
})
const before = process.memoryUsage().rss
const columns = ['uuid', 'timestamp', 'event', 'distinct_id'] as const
const job = path.startsWith('query:')
  ? posthog
      .export(hogql`select uuid, timestamp, event, distinct_id from events`, {
        orderBy: ['timestamp', 'uuid'],
      })
      .toFile(path.slice('query:'.length))
  : posthog.events.stream({ from: '2026-01-01', to: '2026-02-01', columns }).toFile(path)
let lastReported = 0
for await (const { rows } of job) {
  if (rows < lastReported + Number(step)) continue
  lastReported = rows
  process.send?.({ rows })
}
const { rows, bytes, resumedAt } = await job
process.send?.({ rows, bytes, resumedAt, before, peak: process.resourceUsage().maxRSS * 1024 })
process.disconnect?.()
