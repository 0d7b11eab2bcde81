import { Session } from 'node:inspector/promises'
import { createClient, hogql } from '../../../src/index.ts'

// Prints, as JSON, the source files that each kind of call runs when it is warm. `src/generated` does not count.

const json = (body: unknown): Response =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })

const rows = { columns: ['n'], types: ['UInt64'], results: [[1]], hasMore: false, limit: 100 }

async function respond(url: string): Promise<Response> {
  if (url.endsWith('/query/')) return json(rows)
  if (url.endsWith('/run/')) return json({ name: 'signups', endpoint_version: 1, ...rows })
  if (url.endsWith('/cohorts/1/')) return json({ id: 1 })
  return json({ count: 1, next: null, previous: null, results: [{ id: 1 }] })
}

const client = createClient({
  apiKey: `phx_${'a'.repeat(40)}`,
  projectId: 1,
  host: 'https://us.posthog.com',
  fetch: respond,
})
const endpoint = {
  name: 'signups',
  version: 1,
  columns: [{ name: 'n', type: 'integer' }],
  materialized: false,
} as unknown as Parameters<typeof client.endpoints.run>[0]

const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  get: async () => client.cohorts.get(1),
  list: async () => client.cohorts.list().toArray({ max: 10 }),
  query: async () => client.hogql(hogql`select count() as n from events limit 10`),
  run: async () => client.endpoints.run(endpoint),
}

const session = new Session()
session.connect()
await session.post('Profiler.enable')
const files: Record<string, string[]> = {}
for (const [name, call] of Object.entries(calls)) {
  for (let times = 0; times < 3; times++) await call()
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  await session.post('Profiler.takePreciseCoverage')
  await call()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  await session.post('Profiler.stopPreciseCoverage')
  files[name] = result
    .filter(({ url }) => url.includes('/src/') && !url.includes('/src/generated/'))
    .filter(({ functions }) =>
      functions.some(({ ranges: [range] }) => range !== undefined && range.count > 0),
    )
    .map(({ url }) => url.replace(/^.*\/src\/|\?.*$/g, ''))
    .sort()
}
console.log(JSON.stringify(files))
