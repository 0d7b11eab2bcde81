import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { countOf } from './harness/arguments.ts'
import { quantile } from './harness/compare.ts'
import { consumerFolder } from './harness/consumer-folder.ts'
import { shuffled } from './harness/rounds.ts'
import { table } from './harness/table.ts'

// How long a process takes that imports something and ends, over one that imports nothing. See README.md beside this file.

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '40' }, json: { type: 'boolean', default: false } },
})
const rounds = countOf('rounds', values.rounds)

await using project = await consumerFolder()
const programs: Readonly<Record<string, string>> = {
  nothing: await project.write('nothing.mjs', 'export {}\n'),
  'nothing, required': await project.write('nothing.cjs', ''),
  typehog: await project.write('typehog.mjs', `import 'typehog'\n`),
  'typehog, required': await project.write('typehog.cjs', `require('typehog')\n`),
  'typehog with a client': await project.write(
    'client.mjs',
    `import { createClient } from 'typehog'\ncreateClient({ apiKey: 'phx_x', projectId: 1, region: 'eu' })\n`,
  ),
  ky: await project.write('ky.mjs', `import 'ky'\n`),
  openai: await project.write('openai.mjs', `import 'openai'\n`),
}

const times = new Map(Object.keys(programs).map((name) => [name, [] as number[]]))
for (let round = -1; round < rounds; round++) {
  for (const [name, file] of shuffled(Object.entries(programs))) {
    const started = performance.now()
    execFileSync(process.execPath, [file], { cwd: project.folder, env: {} })
    if (round >= 0) times.get(name)?.push(performance.now() - started)
  }
}
const results = [...times].map(([name, own]) => {
  const bare = times.get(name.endsWith(', required') ? 'nothing, required' : 'nothing') ?? []
  const over = own.map((ms, round) => ms - (bare[round] ?? Number.NaN))
  return {
    name,
    ms: quantile(own, 0.5),
    overMs: quantile(own, 0.5) - quantile(bare, 0.5),
    quartiles: [quantile(over, 0.25), quantile(over, 0.75)],
  }
})
if (values.json) console.log(JSON.stringify({ node: process.version, rounds, results }, null, 2))
else {
  const rows = results.map(({ name, ms, overMs, quartiles }) => [
    name,
    ms.toFixed(1),
    overMs.toFixed(1),
    quartiles.map((value) => value.toFixed(1)).join(' to '),
  ])
  console.log(table(['', 'ms', 'over bare Node', 'quartiles'], rows))
}
