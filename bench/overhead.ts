import { parseArgs } from 'node:util'
import { countOf } from './harness/arguments.ts'
import { compare, type Result } from './harness/compare.ts'
import { baseline, createContestants, names } from './harness/contestants.ts'
import { runRounds } from './harness/rounds.ts'
import { startServer } from './harness/start-server.ts'
import { table } from './harness/table.ts'

// CPU per request against bare `fetch`. See README.md beside this file.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    requests: { type: 'string', default: '3000' },
    only: { type: 'string', default: names.join(',') },
    build: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = countOf('rounds', values.rounds)
const requests = countOf('requests', values.requests)
const wanted = new Set([...baseline, ...values.only.split(',').map((name) => name.trim())])

const loads = { 'one after another': 1, '64 in flight': 64 }
const server = await startServer()
try {
  const contestants = await createContestants([...wanted], server.url, values.build)
  const results: Record<string, Result[]> = {}
  for (const [name, inFlight] of Object.entries(loads)) {
    results[name] = compare(await runRounds(contestants, { rounds, requests, inFlight }), baseline)
  }
  const setting = { node: process.version, rounds, requests, gc: globalThis.gc !== undefined }
  console.log(values.json ? JSON.stringify({ ...setting, results }, null, 2) : report(results))
} finally {
  server.stop()
}

function report(results: Readonly<Record<string, readonly Result[]>>): string {
  const rows = Object.entries(results).flatMap(([name, list]) =>
    list.map(({ name: contestant, cpuMicros, ratio, quartiles }) => [
      contestant,
      name,
      cpuMicros.toFixed(0),
      ratio.toFixed(2),
      quartiles.map((value) => value.toFixed(2)).join(' to '),
    ]),
  )
  return table(['', 'load', 'CPU µs/request', 'ratio to fetch', 'quartiles'], rows)
}
