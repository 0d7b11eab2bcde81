import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type Line, linesOf, type Reports } from './harness/lines.ts'
import { table } from './harness/table.ts'

// Every part, shortened, as one table. See README.md beside this file.

/** What the parts are told, so that all of them together take a few minutes. */
const shortened: { readonly [Part in keyof Reports]: readonly string[] } = {
  overhead: ['--rounds', '4', '--requests', '1000'],
  imports: [],
  sizes: [],
  types: [],
  completions: ['--rounds', '3'],
  rows: ['--rounds', '3', '--megabytes', '30'],
  pages: ['--rounds', '5', '--parallel-rounds', '1', '--parallel-pages', '300'],
  export: ['--events', '200000', '--kills', '1', '--delay', '0'],
}

/** Parts that end with 1 when they miss their target. */
const bounded: ReadonlySet<keyof Reports> = new Set(['export', 'pages'])

const started = performance.now()
const lines: Line[] = []
for (const part of Object.keys(shortened) as (keyof Reports)[]) {
  process.stderr.write(`${part} …\n`)
  lines.push(...(await measure(part)))
}
console.log(table(['', 'measured', 'beside', 'ratio', 'target'], lines))
const seconds = (performance.now() - started) / 1_000
console.log(
  `\nNode ${process.version}, ${seconds.toFixed(0)} s in all. Each ratio is of one run: both sides in turn.`,
)

async function measure<Part extends keyof Reports>(part: Part): Promise<Line[]> {
  const program = fileURLToPath(new URL(`./${part}.mjs`, import.meta.url))
  const child = spawn(process.execPath, ['--expose-gc', program, '--json', ...shortened[part]], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0 && !bounded.has(part)) throw new Error(`${part} ended with ${code}.`)
  if (code !== 0) process.exitCode = 1
  // Each part says what it prints.
  return linesOf[part](JSON.parse(printed) as Reports[Part])
}
