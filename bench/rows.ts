import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { countOf } from './harness/arguments.ts'
import { quantile } from './harness/compare.ts'
import { firstMessage } from './harness/first-message.ts'
import { shuffled } from './harness/rounds.ts'
import { type Ask, type RowReader, rowReaders } from './harness/row-readers.ts'
import { emptyBody, rowsBody } from './harness/rows-body.ts'
import { table } from './harness/table.ts'

// Rows of a long answer: how fast they are read, and in how much memory. See README.md beside this file.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    megabytes: { type: 'string', default: '100' },
    only: { type: 'string', default: Object.keys(rowReaders).join(',') },
    build: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const baseline = 'JSON.parse'
const rounds = countOf('rounds', values.rounds)
const megabytes = countOf('megabytes', values.megabytes)
const wanted = [...new Set([baseline, ...values.only.split(',').map((name) => name.trim())])]

/** The memory of one, read over a socket. */
interface Taken {
  readonly rows: number
  readonly before: number
  readonly peak: number
}

const memory = await readInProcesses()
const speed = await readInRounds()
const results = wanted.map((name) => {
  const ratios = (speed.get(name) ?? []).map((ms, round) => (speed.get(baseline)?.[round] ?? Number.NaN) / ms)
  const { before, peak } = memory.get(name) ?? { before: Number.NaN, peak: Number.NaN }
  return {
    name,
    megabytesPerSecond: (megabytes * 1_000) / quantile(speed.get(name) ?? [], 0.5),
    ratio: quantile(ratios, 0.5),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    peakMiB: (peak - before) / 2 ** 20,
  }
})
if (values.json) console.log(JSON.stringify({ node: process.version, rounds, megabytes, results }, null, 2))
else {
  const rows = results.map(({ name, megabytesPerSecond, ratio, quartiles, peakMiB }) => [
    name,
    megabytesPerSecond.toFixed(0),
    ratio.toFixed(2),
    quartiles.map((value) => value.toFixed(2)).join(' to '),
    peakMiB.toFixed(0),
  ])
  console.log(table(['', 'MB/s', `speed to ${baseline}`, 'quartiles', 'peak over start, MiB'], rows))
}

/** Milliseconds by contestant and round, for a body that is in memory already and comes in pieces of 64 KiB. */
async function readInRounds(): Promise<Map<string, number[]>> {
  const { body, rows } = rowsBody(megabytes)
  const ask: Ask = async (_, init) => {
    const bytes = /"p\d":0}/.test(String(init.body)) ? Buffer.from(emptyBody) : body
    let at = 0
    const stream = new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) return controller.close()
        controller.enqueue(new Uint8Array(bytes.subarray(at, at + 65_536)))
        at += 65_536
      },
    })
    return new Response(stream, { headers: { 'content-type': 'application/json' } })
  }
  const contestants: [name: string, read: RowReader][] = []
  for (const name of wanted) {
    const read = await rowReaders[name]?.(values.build)
    if (read === undefined)
      throw new Error(`No reader "${name}". There are: ${Object.keys(rowReaders).join(', ')}`)
    contestants.push([name, read])
  }
  const times = new Map(wanted.map((name) => [name, [] as number[]]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, read] of shuffled(contestants)) {
      globalThis.gc?.()
      const started = performance.now()
      const count = await read('http://bench.test', ask)
      const ms = performance.now() - started
      if (count !== rows) throw new Error(`${name} read ${count} rows of ${rows}.`)
      if (round >= 0) times.get(name)?.push(ms)
    }
  }
  return times
}

async function readInProcesses(): Promise<Map<string, Taken>> {
  const server = fork(program('rows-server'), [String(megabytes)], { execArgv: [] })
  const { url, rows } = await firstMessage<{ url: string; rows: number }>(server, 'The server')
  const taken = new Map<string, Taken>()
  for (const name of wanted) {
    const child = fork(program('read-rows'), [name, url, values.build ?? ''], { execArgv: ['--expose-gc'] })
    const result = await firstMessage<Taken>(child, name)
    if (result.rows !== rows) throw new Error(`${name} read ${result.rows} rows of ${rows}.`)
    taken.set(name, result)
  }
  server.disconnect()
  return taken
}

function program(name: string): string {
  return fileURLToPath(new URL(`./${name}.mjs`, import.meta.url))
}
