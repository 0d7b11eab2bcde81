// A Deno script that exports purchases: deno run --allow-net --allow-env --allow-read --allow-write export-purchases.ts 2026-01-01 2026-04-01 purchases.csv
import { createClient } from 'npm:typehog'

const [from, to, file = 'purchases.csv'] = Deno.args
if (from === undefined || to === undefined) {
  console.error('Usage: export-purchases.ts <from> <to> [file], such as 2026-01-01 2026-04-01')
  Deno.exit(2)
}
const posthog = createClient()
const columns = ['timestamp', 'distinct_id', 'properties.plan', 'properties.amount'] as const
const { rows } = await posthog.events.stream({ from, to, event: 'purchase', columns }).toFile(file)
const { size } = await Deno.stat(file)
console.log(`${rows} purchases, ${size} bytes`)
