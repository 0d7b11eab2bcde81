import { fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { countOf } from './harness/arguments.ts'
import { quantile } from './harness/compare.ts'
import { firstMessage } from './harness/first-message.ts'
import { flagsPath } from './harness/flag-page.ts'
import { loadTypehog } from './harness/load-typehog.ts'
import { shuffled } from './harness/rounds.ts'
import { table } from './harness/table.ts'

// Pages of a list whose reader has something to do for each of them. See README.md beside this file.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    pages: { type: 'string', default: '30' },
    server: { type: 'string', default: '10' },
    reader: { type: 'string', default: '10' },
    build: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = countOf('rounds', values.rounds)
const pages = countOf('pages', values.pages)
const serverMs = countOf('server', values.server)
const readerMs = countOf('reader', values.reader)

const program = fileURLToPath(new URL('./page-server.mjs', import.meta.url))
const server = fork(program, [String(pages), String(serverMs)], { execArgv: [] })
const host = await firstMessage<string>(server, 'The server')
const apiKey = `phx_${'b'.repeat(43)}`
const { createClient } = await loadTypehog(values.build)
const posthog = createClient({ apiKey, projectId: 1, host })
const route = 'GET /api/projects/{project_id}/feature_flags/'

/** Ways to read all pages; each gives how many there were. */
const readers: Readonly<Record<string, () => Promise<number>>> = {
  'a loop over fetch': async () => {
    let count = 0
    for (let url: string | null = `${host}${flagsPath}`; url !== null; count++) {
      const response: Response = await fetch(url, { headers: { authorization: `Bearer ${apiKey}` } })
      const page = (await response.json()) as { next: string | null }
      await sleep(readerMs)
      url = page.next
    }
    return count
  },
  typehog: () => readPages(true),
  'typehog, prefetch: false': () => readPages(false),
}

async function readPages(prefetch: boolean): Promise<number> {
  let count = 0
  for await (const _ of posthog.list(route, {}, { prefetch }).pages()) {
    await sleep(readerMs)
    count += 1
  }
  return count
}

const baseline = 'a loop over fetch'
const times = new Map(Object.keys(readers).map((name) => [name, [] as number[]]))
for (let round = -1; round < rounds; round++) {
  for (const [name, read] of shuffled(Object.entries(readers))) {
    const started = performance.now()
    const count = await read()
    if (count !== pages) throw new Error(`${name} read ${count} pages of ${pages}.`)
    if (round >= 0) times.get(name)?.push(performance.now() - started)
  }
}
server.disconnect()
const results = [...times].map(([name, own]) => {
  const ratios = own.map((ms, round) => (times.get(baseline)?.[round] ?? Number.NaN) / ms)
  return { name, pagesPerSecond: (pages * 1_000) / quantile(own, 0.5), ratio: quantile(ratios, 0.5) }
})
if (values.json) {
  console.log(JSON.stringify({ node: process.version, rounds, pages, serverMs, readerMs, results }, null, 2))
} else {
  const rows = results.map(({ name, pagesPerSecond, ratio }) => [
    name,
    pagesPerSecond.toFixed(1),
    ratio.toFixed(2),
  ])
  console.log(table(['', 'pages/s', `speed to ${baseline}`], rows))
}
