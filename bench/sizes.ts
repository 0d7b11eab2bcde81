import { execFile } from 'node:child_process'
import { parseArgs, promisify } from 'node:util'
import { loadedFiles } from '../test/package/loaded-files.ts'
import { ship, zippedSize } from '../test/package/ship.ts'
import { consumerFolder } from './harness/consumer-folder.ts'
import { table } from './harness/table.ts'

// Bytes of programs, minified and compressed. See README.md beside this file.

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const run = promisify(execFile)

const client = `import { createClient } from 'typehog'\n`
/** Programs by name; one that is run is counted with all that it loads while it runs. */
const programs: readonly (readonly [name: string, run: boolean, program: string])[] = [
  ['client, all resources in reach', false, `${client}globalThis.client = createClient()`],
  [
    'annotations.list()',
    true,
    `${client}console.log((await createClient().annotations.list()).items.length)`,
  ],
  [
    'featureFlags.setRollout()',
    true,
    `${client}console.log((await createClient().featureFlags.setRollout('checkout', 25)).to)`,
  ],
  [
    'one operation of typehog/api',
    false,
    `import { listCohorts } from 'typehog/api'\nglobalThis.run = (client) => listCohorts({ client })`,
  ],
  [
    'one validator',
    false,
    `import { zCohort } from 'typehog/zod'\nglobalThis.run = (value) => zCohort.parse(value)`,
  ],
  ['ky', false, `import ky from 'ky'\nglobalThis.run = (url) => ky.get(url).json()`],
  ['openai', false, `import OpenAI from 'openai'\nglobalThis.client = new OpenAI()`],
]

await using project = await consumerFolder()
const runnable = {
  ...project,
  node: async (name: string, text: string, env: Readonly<Record<string, string>> = {}): Promise<string> => {
    const file = await project.write(name, text)
    return (await run(process.execPath, [file], { cwd: project.folder, env, timeout: 30_000 })).stdout
  },
}
const results = []
for (const [name, isRun, program] of programs) {
  const shipped = await ship(project, program)
  const counted = isRun ? await loadedFiles(runnable, name.replace(/\W+/g, '-'), shipped) : shipped.first
  const total = zippedSize(shipped, shipped.files.keys())
  results.push({ name, bytes: zippedSize(shipped, counted), total })
}
if (values.json) console.log(JSON.stringify({ node: process.version, results }, null, 2))
else {
  const rows = results.map(({ name, bytes, total }) => [name, String(bytes), String(total)])
  console.log(table(['', 'bytes', 'with all that may follow'], rows))
}
