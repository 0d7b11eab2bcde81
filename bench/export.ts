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

// Events through the row limit of the query engine into a file, once in one go and once with the process killed on the
// way. Count and checksum are held against those of the engine. See README.md beside this file.

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    kills: { type: 'string', default: '3' },
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

const server = start('event-server', [String(events)])
const source = await firstMessage<Source>(server, 'The server')
const folder = await mkdtemp(join(tmpdir(), 'typehog-bench-'))
try {
  say(`${source.rows} events, ${source.ties} of them with a time that others have as well`)
  const whole = await run('whole.ndjson', Number.POSITIVE_INFINITY)
  if (whole === undefined) throw new Error('The export did not come to its end.')
  say(
    `in one go: ${(whole.ms / 1_000).toFixed(1)} s, ${(source.rows / whole.ms).toFixed(0)} rows/ms, ` +
      `peak ${mib(whole.peak)} MiB`,
  )
  await check('whole.ndjson')
  for (let kill = 1; kill <= kills; kill++) {
    if ((await run('killed.ndjson', (events * kill) / (kills + 1))) !== undefined) {
      throw new Error('The export ended before it was killed.')
    }
  }
  const last = await run('killed.ndjson', Number.POSITIVE_INFINITY)
  if (last === undefined) throw new Error('The export did not come to its end.')
  say(`killed ${kills} times: went on at row ${last.resumedAt}, peak ${mib(last.peak)} MiB`)
  await check('killed.ndjson')
  if (values.json) {
    const { rows } = source
    const right = process.exitCode === undefined
    const peakMiB = Math.max(whole.peak, last.peak) / 2 ** 20
    console.log(
      JSON.stringify({ node: process.version, rows, kills, rowsPerMs: rows / whole.ms, peakMiB, right }),
    )
  }
} finally {
  server.disconnect()
  await rm(folder, { recursive: true })
}

/** Runs the export, and kills it at a row. */
async function run(name: string, killAt: number): Promise<Done | undefined> {
  const child = start('export-events', [source.url, source.key, join(folder, name), values.build ?? ''])
  let done: Done | undefined
  child.on('message', (told: { rows: number } | Done) => {
    if ('peak' in told) done = told
    else if (told.rows >= killAt) child.kill('SIGKILL')
  })
  await once(child, 'exit')
  return done
}

async function check(name: string): Promise<void> {
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
