import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// Runs a program of this folder: npm run bench -- overhead --rounds 4. See README.md beside this file.

const folder = fileURLToPath(new URL('.', import.meta.url))
const programs = ['overhead', 'profile-overhead']
const [name = 'overhead', ...options] = process.argv.slice(2)
if (!programs.includes(name)) throw new Error(`No program "${name}". There are: ${programs.join(', ')}`)

if (!existsSync(`${folder}node_modules`)) run('npm', ['ci', '--prefix', folder])
// What compiles TypeScript on the fly rewrites what it loads, the peers too, and makes all of it slower.
await build({
  absWorkingDir: folder,
  entryPoints: [`${name}.ts`, 'harness/server.ts'],
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
