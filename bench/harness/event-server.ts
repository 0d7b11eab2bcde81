import { openChdbEngine } from '../../src/local/engine/chdb-engine.ts'
import { startLocalPostHog } from '../../src/local/local-posthog.ts'
import { serveSteadily } from './steady-server.ts'

// A local PostHog with the given number of events. 30 % of them share their timestamp with thousands of others.
// Arguments: number of events, and milliseconds per query (0: as long as the query takes). Sends its URL, and the count
// and checksums of its events, to the parent process.

const [events = 0, delayMs = 0] = process.argv.slice(2).map(Number)
const engine = await openChdbEngine(undefined, 'export')
const local = await startLocalPostHog({ engine, events: 0, throttle: false })
const table = `${engine.database}.events`
// Three in ten have one of 40 times; the others have a second of their own.
await engine.command(`
  INSERT INTO ${table} (uuid, event, timestamp, created_at, distinct_id, person_id, properties)
  SELECT reinterpretAsUUID(sipHash128(number)), ['$pageview', 'purchase', 'sign up'][number % 3 + 1],
    toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + if(number % 10 < 3, intDiv(number * 40, ${events}) * 20000, number) AS at,
    at, concat('user ', toString(number % 5000)), reinterpretAsUUID(sipHash128(number % 5000)), '{}'
  FROM numbers(${events})`)
const line = `concat(toString(uuid), '|', formatDateTime(timestamp, '%Y-%m-%dT%H:%i:%SZ'), '|', event, '|', distinct_id)`
const result = await engine.query(
  `SELECT count(), sum(halfMD5(${line})), groupBitXor(halfMD5(${line})),
     countIf(same > 1) FROM (SELECT *, count() OVER (PARTITION BY timestamp) AS same FROM ${table})`,
  {},
)
const [count, sum, xor, ties] = result.rows[0] ?? []
const { url: direct } = await local.listen()
const url = delayMs > 0 ? await serveSteadily(direct, delayMs) : direct
process.send?.({ url, key: local.personalApiKey, rows: Number(count), sum, xor, ties: Number(ties) })
process.once('disconnect', () => process.exit())
