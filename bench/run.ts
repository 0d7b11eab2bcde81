import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// Runs a program of this folder: npm run bench -- overhead --rounds 4. Without a name: all of them, as one table.
// See README.md beside this file.

const folder = fileURLToPath(new URL('.', import.meta.url))
/** Programs, with those that they start in processes of their own. */
const programs: Readonly<Record<string, readonly string[]>> = {
  everything: [],
  overhead: ['server'],
  'profile-overhead': ['server'],
  imports: [],
  sizes: [],
  types: [],
  completions: [],
  rows: ['rows-server', 'read-rows'],
  pages: ['page-server'],
  export: ['event-server', 'export-events'],
  soak: [],
}
const [name = 'everything', ...options] = process.argv.slice(2)
const helpers = programs[name]
if (helpers === undefined) {
  throw new Error(`No program "${name}". There are: ${Object.keys(programs).join(', ')}`)
}
const parts = name === 'everything' ? Object.entries(programs).flat(2) : [name, ...helpers]

if (!existsSync(`${folder}node_modules`)) run('npm', ['ci', '--prefix', folder])
// What compiles TypeScript on the fly rewrites what it loads, the peers too, and makes all of it slower.
await build({
  absWorkingDir: folder,
  entryPoints: parts.map((part) => (part in programs ? `${part}.ts` : `harness/${part}.ts`)),
  entryNames: '[name]',
  outdir: '.build',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
})
process.exitCode = run(process.execPath, ['--expose-gc', `${folder}.build/${name}.mjs`, ...options])

function run(program: string, args: readonly string[]): number {
  return spawnSync(program, args, { stdio: 'inherit' }).status ?? 1
}
