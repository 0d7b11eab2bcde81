import { fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { countOf } from './harness/arguments.ts'
import { quantile } from './harness/compare.ts'
import { firstMessage } from './harness/first-message.ts'
import { flagsPath, flagsPerPage } from './harness/flag-page.ts'
import { loadTypehog } from './harness/load-typehog.ts'
import { shuffled } from './harness/rounds.ts'
import { table } from './harness/table.ts'

// Pages of a list: with a reader that has something to do for each of them, and in parallel. See README.md.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    pages: { type: 'string', default: '30' },
    server: { type: 'string', default: '10' },
    reader: { type: 'string', default: '10' },
    'parallel-rounds': { type: 'string', default: '3' },
    'parallel-pages': { type: 'string', default: '1000' },
    build: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const serverMs = countOf('server', values.server)
const readerMs = countOf('reader', values.reader)

const apiKey = `phx_${'b'.repeat(43)}`
const { createClient } = await loadTypehog(values.build)
const route = 'GET /api/projects/{project_id}/feature_flags/'

/** Pages in flight. */
const concurrency = 4
/** Maximum time of a parallel list, relative to the same list with one page in flight. */
const maxPart = 0.3

/** Reads all pages of a host, and gives how many there were. */
type Reader = (host: string) => Promise<number>
type Readers = Readonly<Record<string, Reader>>

interface FlagPage {
  readonly count: number
  readonly next: string | null
}

async function fetchPage(url: string): Promise<FlagPage> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${apiKey}` } })
  // Pages of the server of this benchmark.
  return (await response.json()) as FlagPage
}

const typehog =
  (options: object, ms: number): Reader =>
  async (host) => {
    const posthog = createClient({ apiKey, projectId: 1, host })
    let count = 0
    for await (const _ of posthog.list(route, {}, options).pages()) {
      if (ms > 0) await sleep(ms)
      count += 1
    }
    return count
  }

/** The first is what the others are compared with. */
const withReader: Readers = {
  'a loop over fetch': async (host) => {
    let count = 0
    for (let url: string | null = `${host}${flagsPath}`; url !== null; count++) {
      const page = await fetchPage(url)
      await sleep(readerMs)
      url = page.next
    }
    return count
  },
  typehog: typehog({}, readerMs),
  'typehog, prefetch: false': typehog({ prefetch: false }, readerMs),
}

/** The first is what the others are compared with. */
const parallel: Readers = {
  'typehog, one page in flight': typehog({ concurrency: 1 }, 0),
  [`typehog, concurrency: ${concurrency}`]: typehog({ concurrency }, 0),
  [`Promise.all over fetch, blocks of ${concurrency}`]: async (host) => {
    const first = await fetchPage(`${host}${flagsPath}`)
    const offsets: number[] = []
    for (let at = flagsPerPage; at < first.count; at += flagsPerPage) offsets.push(at)
    let count = 1
    for (let at = 0; at < offsets.length; at += concurrency) {
      const block = offsets.slice(at, at + concurrency)
      count += (await Promise.all(block.map((offset) => fetchPage(`${host}${flagsPath}?offset=${offset}`))))
        .length
    }
    return count
  },
}

async function measure(readers: Readers, pages: number, rounds: number) {
  const program = fileURLToPath(new URL('./page-server.mjs', import.meta.url))
  const server = fork(program, [String(pages), String(serverMs)], { execArgv: [] })
  const host = await firstMessage<string>(server, 'The server')
  const times = new Map(Object.keys(readers).map((name) => [name, [] as number[]]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, read] of shuffled(Object.entries(readers))) {
      const started = performance.now()
      const count = await read(host)
      if (count !== pages) throw new Error(`${name} read ${count} pages of ${pages}.`)
      if (round >= 0) times.get(name)?.push(performance.now() - started)
    }
  }
  server.disconnect()
  const [baseline = []] = times.values()
  return [...times].map(([name, own]) => {
    const ratios = own.map((ms, round) => (baseline[round] ?? Number.NaN) / ms)
    return { name, pagesPerSecond: (pages * 1_000) / quantile(own, 0.5), ratio: quantile(ratios, 0.5) }
  })
}

const rounds = countOf('rounds', values.rounds)
const pages = countOf('pages', values.pages)
const parallelPages = countOf('parallel-pages', values['parallel-pages'])
const parallelRounds = countOf('parallel-rounds', values['parallel-rounds'])
const results = await measure(withReader, pages, rounds)
const parallelResults = await measure(parallel, parallelPages, parallelRounds)
const part = 1 / (parallelResults[1]?.ratio ?? 0)
if (values.json) {
  const facts = { node: process.version, rounds, pages, serverMs, readerMs, parallelRounds, parallelPages }
  console.log(JSON.stringify({ ...facts, results, parallelResults, maxPart }, null, 2))
} else {
  for (const list of [results, parallelResults]) {
    const rows = list.map(({ name, pagesPerSecond, ratio }) => [
      name,
      pagesPerSecond.toFixed(1),
      ratio.toFixed(2),
    ])
    console.log(`${table(['', 'pages/s', `speed to ${list[0]?.name}`], rows)}\n`)
  }
  console.log(`Time with concurrency ${concurrency}: ${part.toFixed(3)}, at most ${maxPart}`)
}
if (!(part <= maxPart)) process.exitCode = 1
