import { setImmediate as turn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { countOf } from './harness/arguments.ts'
import { loadTypehog } from './harness/load-typehog.ts'
import { runSoak } from './harness/soak/run-soak.ts'
import { table } from './harness/table.ts'

// One client over many calls with faults and aborts: what it leaves behind. See README.md beside this file.

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '200000' },
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
    build: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const calls = countOf('calls', values.calls)
const seconds = countOf('seconds', values.seconds)
const seed = countOf('seed', values.seed)

/** Maximum growth of the heap in MB between a tenth of the calls and the end. */
const maxGrowth = 10
/** Minimum part of the calls that succeed or are left by their reader. */
const minServed = 0.85

if (globalThis.gc === undefined) throw new Error('The soak needs --expose-gc.')

const heapMB: number[] = []
async function measureHeap(): Promise<void> {
  for (let times = 0; times < 5; times++) {
    globalThis.gc?.()
    await turn()
  }
  heapMB.push(process.memoryUsage().heapUsed / 1e6)
}

const { createClient, hogql } = await loadTypehog(values.build)
const before = process.getActiveResourcesInfo()
const started = process.hrtime.bigint()
const report = await runSoak({ createClient, hogql }, { calls, seconds, seed, onQuiet: measureHeap })
const realSeconds = Number(process.hrtime.bigint() - started) / 1e9
// What ended in this turn is still listed.
await turn()
const newResources = process.getActiveResourcesInfo().slice(before.length)

const { outcomes, left } = report
const [atTenth = Number.NaN, atEnd = Number.NaN] = heapMB
const settled = Object.values(outcomes).reduce((sum, count) => sum + count, 0)
const served = ((outcomes['ok'] ?? 0) + (outcomes['left early'] ?? 0)) / calls
/** Each bound: what it is about, the measured value, the bound, and whether the value is within it. */
const bounds: readonly (readonly [what: string, measured: string, bound: string, holds: boolean])[] = [
  ['settled calls', String(settled), String(calls), settled === calls],
  ['served calls', percent(served), `at least ${percent(minServed)}`, served >= minServed],
  ['aborted calls', String(outcomes['aborted'] ?? 0), 'some', outcomes['aborted'] !== undefined],
  ['unexpected errors', String(report.surprises.length), '0', report.surprises.length === 0],
  ['heap at 10 %', `${atTenth.toFixed(1)} MB`, '', true],
  ['heap at the end', `${atEnd.toFixed(1)} MB`, `at most ${maxGrowth} MB more`, atEnd - atTenth <= maxGrowth],
  ...Object.entries(left).map(([what, count]) => [`${what} left`, String(count), '0', count === 0] as const),
  ['resources left', newResources.join(', ') || '0', '0', newResources.length === 0],
]
const broken = bounds.filter(([, , , holds]) => !holds).map(([what]) => what)
if (values.json) {
  const facts = { node: process.version, seed, realSeconds, heapMB: { atTenth, atEnd }, settled, served }
  console.log(JSON.stringify({ ...facts, ...report, newResources, broken }, null, 2))
} else {
  console.log(
    table(
      ['', 'measured', 'bound'],
      bounds.map(([what, measured, bound, holds]) => [what, measured, holds ? bound : `${bound}: BROKEN`]),
    ),
  )
  for (const [head, counts] of [
    ['outcome', outcomes],
    ['call', report.kinds],
    ['request', report.requests],
  ] as const) {
    const rows = Object.entries(counts).sort(([, a], [, b]) => b - a)
    console.log(
      `\n${table(
        [head, 'count'],
        rows.map(([name, count]) => [name, String(count)]),
      )}`,
    )
  }
  for (const surprise of report.surprises) console.log(surprise)
  const { virtualSeconds, maxInFlight, delayed } = report
  console.log(
    `\nNode ${process.version}: ${virtualSeconds.toFixed(0)} s of virtual time in ${realSeconds.toFixed(0)} s, up to ${maxInFlight} calls in flight, ${delayed} waits for a rate limit.`,
  )
}
if (broken.length > 0) process.exitCode = 1

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`
}
