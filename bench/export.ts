import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { countOf } from './harness/arguments.ts'
import { firstMessage } from './harness/first-message.ts'

// Events through the row limit of the query engine into a file: in one go, with the process killed on the way, and from a
// server that takes a second for each page, one window after another and several at once. Count and checksum are compared
// with those of the engine. See README.md beside this file.

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    kills: { type: 'string', default: '3' },
    delay: { type: 'string', default: '1000' },
    concurrency: { type: 'string', default: '3' },
    build: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const say = (text: string): void => {
  if (!values.json) console.log(text)
}
const events = countOf('events', values.events)
const kills = countOf('kills', values.kills)

interface Source {
  readonly url: string
  readonly key: string
  readonly rows: number
  readonly sum: string
  readonly xor: string
  readonly ties: number
}

interface Done {
  readonly resumedAt: number
  readonly peak: number
  readonly ms: number
}

const { delay, concurrency } = values
const folder = await mkdtemp(join(tmpdir(), 'typehog-bench-'))
try {
  const { whole, killed } = await measure('0', '1')
  const slow = delay === '0' ? undefined : await measureSlow()
  if (values.json) {
    const right = process.exitCode === undefined
    const peakMiB = Math.max(whole.peak, killed.peak) / 2 ** 20
    const line = { node: process.version, rows: events, kills, rowsPerMs: events / whole.ms, peakMiB, right }
    console.log(JSON.stringify({ ...line, ...slow }))
  }
} finally {
  await rm(folder, { recursive: true })
}

/** Compares one window after another with several at once, at a server that takes `--delay` for each query. */
async function measureSlow(): Promise<{ readonly ratio: number; readonly slowPeakMiB: number }> {
  say(`\nfrom a server that takes ${delay} ms for each query, one window after another:`)
  const one = await measure(delay, '1', 0)
  say(`\n${concurrency} windows at once:`)
  const several = await measure(delay, concurrency)
  const ratio = several.whole.ms / one.whole.ms
  say(`\n${concurrency} windows at once take ${ratio.toFixed(2)} of the time`)
  return { ratio, slowPeakMiB: Math.max(several.whole.peak, several.killed.peak) / 2 ** 20 }
}

/** Exports in one go, and again while it is killed several times. */
async function measure(
  delayMs: string,
  concurrency: string,
  times = kills,
): Promise<{ readonly whole: Done; readonly killed: Done }> {
  const server = start('event-server', [String(events), delayMs])
  try {
    const source = await firstMessage<Source>(server, 'The server')
    say(`${source.rows} events, ${source.ties} of them with a time that others have as well`)
    const name = `${delayMs}-${concurrency}`
    // Has each page computed, so that a page takes the same time from here on.
    if (delayMs !== '0') await finish(source, `${name}-first.ndjson`, concurrency)
    const whole = await finish(source, `${name}-whole.ndjson`, concurrency)
    say(
      `in one go: ${(whole.ms / 1_000).toFixed(1)} s, ${(source.rows / whole.ms).toFixed(0)} rows/ms, ` +
        `peak ${mib(whole.peak)} MiB`,
    )
    await check(source, `${name}-whole.ndjson`)
    if (times === 0) return { whole, killed: whole }
    const file = `${name}-killed.ndjson`
    for (let kill = 1; kill <= times; kill++) {
      if ((await run(source, file, concurrency, (events * kill) / (times + 1))) !== undefined) {
        throw new Error('The export ended before it was killed.')
      }
    }
    const killed = await finish(source, file, concurrency)
    say(`killed ${times} times: went on at row ${killed.resumedAt}, peak ${mib(killed.peak)} MiB`)
    await check(source, file)
    return { whole, killed }
  } finally {
    server.disconnect()
  }
}

async function finish(source: Source, name: string, concurrency: string): Promise<Done> {
  const done = await run(source, name, concurrency, Number.POSITIVE_INFINITY)
  if (done === undefined) throw new Error('The export did not come to its end.')
  return done
}

/** Runs the export, and kills it at a row. */
async function run(
  { url, key }: Source,
  name: string,
  concurrency: string,
  killAt: number,
): Promise<Done | undefined> {
  const child = start('export-events', [url, key, join(folder, name), concurrency, values.build ?? ''])
  let done: Done | undefined
  child.on('message', (told: { rows: number } | Done) => {
    if ('peak' in told) done = told
    else if (told.rows >= killAt) child.kill('SIGKILL')
  })
  await once(child, 'exit')
  return done
}

async function check(source: Source, name: string): Promise<void> {
  let rows = 0
  let sum = 0n
  let xor = 0n
  for await (const line of createInterface(createReadStream(join(folder, name)))) {
    const { uuid, timestamp, event, distinct_id } = JSON.parse(line)
    const hash = createHash('md5').update(`${uuid}|${timestamp}|${event}|${distinct_id}`).digest()
    const half = hash.readBigUInt64BE()
    rows += 1
    sum = BigInt.asUintN(64, sum + half)
    xor ^= half
  }
  const same = rows === source.rows && `${sum}` === `${source.sum}` && `${xor}` === `${source.xor}`
  say(`  ${rows} rows, checksums ${sum} and ${xor}: ${same ? 'as in the source' : 'NOT AS IN THE SOURCE'}`)
  if (!same) process.exitCode = 1
}

function start(name: string, args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(new URL(`./${name}.mjs`, import.meta.url)), args, { execArgv: [] })
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}
