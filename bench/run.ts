import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// Runs a program of this folder: npm run bench -- overhead --rounds 4. See README.md beside this file.

const folder = fileURLToPath(new URL('.', import.meta.url))
/** Programs, with those that they start in processes of their own. */
const programs: Readonly<Record<string, readonly string[]>> = {
  overhead: ['server'],
  'profile-overhead': ['server'],
  imports: [],
  sizes: [],
  types: [],
  rows: ['rows-server', 'read-rows'],
  pages: ['page-server'],
  export: ['event-server', 'export-events'],
}
const [name = 'overhead', ...options] = process.argv.slice(2)
const helpers = programs[name]
if (helpers === undefined) {
  throw new Error(`No program "${name}". There are: ${Object.keys(programs).join(', ')}`)
}

if (!existsSync(`${folder}node_modules`)) run('npm', ['ci', '--prefix', folder])
// What compiles TypeScript on the fly rewrites what it loads, the peers too, and makes all of it slower.
await build({
  absWorkingDir: folder,
  entryPoints: [`${name}.ts`, ...helpers.map((helper) => `harness/${helper}.ts`)],
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
