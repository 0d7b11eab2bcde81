import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { countOf } from './harness/arguments.ts'
import { quantile } from './harness/compare.ts'
import { compilerOptions, consumerFolder } from './harness/consumer-folder.ts'
import { shuffled } from './harness/rounds.ts'
import { table } from './harness/table.ts'

// What the types of the package cost the compiler, beside a program that has its own. See README.md beside this file.

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, json: { type: 'boolean', default: false } },
})
const rounds = countOf('rounds', values.rounds)
const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
const consumers = new URL('../consumer/', import.meta.url)

/** What the compiler says about itself: seconds, MB and a count. */
interface Run {
  readonly check: number
  readonly total: number
  readonly memory: number
  readonly instantiations: number
}

await using project = await consumerFolder()
const programs: Record<string, string> = {}
for (const name of ['by-hand', 'with-typehog']) {
  await project.write(`${name}/program.ts`, await readFile(new URL(`${name}.ts`, consumers), 'utf8'))
  const config = { compilerOptions, files: ['program.ts'] }
  programs[name] = await project.write(`${name}/tsconfig.json`, JSON.stringify(config))
}

const runs = new Map(Object.keys(programs).map((name) => [name, [] as Run[]]))
for (let round = -1; round < rounds; round++) {
  for (const [name, config] of shuffled(Object.entries(programs))) {
    const run = compile(config)
    if (round >= 0) runs.get(name)?.push(run)
  }
}
const results = [...runs].map(([name, list]) => {
  const hand = runs.get('by-hand') ?? []
  const median = (field: keyof Run): number =>
    quantile(
      list.map((run) => run[field]),
      0.5,
    )
  const ratio = (field: keyof Run): number => {
    return quantile(
      list.map((run, round) => run[field] / (hand[round]?.[field] ?? Number.NaN)),
      0.5,
    )
  }
  return {
    name,
    checkMs: median('check') * 1_000,
    totalMs: median('total') * 1_000,
    ratio: ratio('total'),
    instantiations: median('instantiations'),
    memoryMB: median('memory') / 1_024,
  }
})
if (values.json) console.log(JSON.stringify({ node: process.version, rounds, results }, null, 2))
else {
  const rows = results.map(({ name, checkMs, totalMs, ratio, instantiations, memoryMB }) => [
    name,
    totalMs.toFixed(0),
    ratio.toFixed(2),
    checkMs.toFixed(0),
    String(instantiations),
    memoryMB.toFixed(0),
  ])
  console.log(table(['', 'total ms', 'ratio', 'check ms', 'instantiations', 'MB'], rows))
}

function compile(config: string): Run {
  const args = [compiler, '--extendedDiagnostics', '--pretty', 'false', '-p', config]
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${config} does not compile:\n${stdout}`)
  const number = (label: string): number =>
    Number(new RegExp(`^${label}:\\s+([\\d.]+)`, 'm').exec(stdout)?.[1])
  return {
    check: number('Check time'),
    total: number('Total time'),
    memory: number('Memory used'),
    instantiations: number('Instantiations'),
  }
}
