import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { countOf } from './harness/arguments.ts'
import { quantile } from './harness/compare.ts'
import { compilerOptions, consumerFolder } from './harness/consumer-folder.ts'
import { LanguageServer } from './harness/language-server.ts'
import { shuffled } from './harness/rounds.ts'
import { table } from './harness/table.ts'

// How long an editor waits for the routes of `request('`. See README.md beside this file.

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, json: { type: 'boolean', default: false } },
})
const rounds = countOf('rounds', values.rounds)

/** What one server took. */
interface Run {
  /** Milliseconds until the project is loaded. */
  readonly load: number
  /** Milliseconds until the first completions, after that. */
  readonly first: number
  /** Milliseconds until the same completions again. */
  readonly second: number
}

/** Both programs end with this line, whose last character but one is the quote. */
const call = "request('')"

await using project = await consumerFolder()
const own = await writeProgram(
  'with-typehog',
  `import { createClient } from 'typehog'\n\nconst posthog = createClient()\nposthog.${call}`,
)
const routes = await complete(own)
const union = routes.names.map((name) => `  | ${JSON.stringify(name)}`).join('\n')
const programs: Readonly<Record<string, string>> = {
  'by-hand': await writeProgram(
    'by-hand',
    `type Route =\n${union}\n\ndeclare function request(route: Route): Promise<unknown>\n${call}`,
  ),
  'with-typehog': own,
}

const runs = new Map(Object.keys(programs).map((name) => [name, [] as Run[]]))
for (let round = 0; round < rounds; round++) {
  for (const [name, file] of shuffled(Object.entries(programs))) {
    const { names, ...run } = await complete(file)
    if (names.length !== routes.names.length) throw new Error(`${name} completes ${names.length} routes.`)
    runs.get(name)?.push(run)
  }
}
const results = [...runs].map(([name, list]) => {
  const hand = runs.get('by-hand') ?? []
  const median = (field: keyof Run): number =>
    quantile(
      list.map((run) => run[field]),
      0.5,
    )
  const ratios = list.map((run, round) => run.first / (hand[round]?.first ?? Number.NaN))
  return {
    name,
    loadMs: median('load'),
    firstMs: median('first'),
    secondMs: median('second'),
    ratio: quantile(ratios, 0.5),
  }
})
if (values.json) {
  console.log(
    JSON.stringify({ node: process.version, rounds, routes: routes.names.length, results }, null, 2),
  )
} else {
  const rows = results.map(({ name, loadMs, firstMs, secondMs, ratio }) => [
    name,
    loadMs.toFixed(0),
    firstMs.toFixed(0),
    ratio.toFixed(2),
    secondMs.toFixed(0),
  ])
  console.log(table(['', 'load ms', 'first ms', 'ratio', 'second ms'], rows))
}

/** Writes a project with one file, and gives the path of that file. */
async function writeProgram(name: string, text: string): Promise<string> {
  await project.write(`${name}/tsconfig.json`, JSON.stringify({ compilerOptions, files: ['program.ts'] }))
  return project.write(`${name}/program.ts`, text)
}

/** Completes the text after the quote at the end of a file twice, in a server of its own. */
async function complete(file: string): Promise<Run & { readonly names: string[] }> {
  const text = await readFile(file, 'utf8')
  const lines = text.split('\n')
  const position = { file, line: lines.length, offset: (lines.at(-1)?.length ?? 0) - 1 }
  using server = new LanguageServer(project.folder)
  const started = performance.now()
  await server.open(file)
  const loaded = performance.now()
  const names = await server.completions(position)
  const completed = performance.now()
  await server.completions(position)
  const again = performance.now()
  if (names.length === 0) throw new Error(`Nothing completes ${file}.`)
  return { names, load: loaded - started, first: completed - loaded, second: again - completed }
}
