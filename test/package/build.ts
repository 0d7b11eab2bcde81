import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const packFolder = '.tmp/package'
const manifestFile = join(packFolder, 'manifest.json')

/** The package as npm packs it. */
export interface PackedPackage {
  readonly tarball: string
  /** Files of the package, such as `dist/index.js`. */
  readonly files: readonly string[]
}

/** Packs once for all test files. Vitest calls it before the first file of a project starts. */
export async function setup(): Promise<void> {
  await ensureBuilt()
  const inputs = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'docs/agents.md']
  const builtFiles = (await readdir('dist')).map((name) => join('dist', name))
  if (await isNewer([manifestFile], [...inputs, ...builtFiles])) return
  await rm(packFolder, { recursive: true, force: true })
  await mkdir(packFolder, { recursive: true })
  const { stdout } = await run('npm', [
    'pack',
    '--json',
    '--ignore-scripts',
    '--pack-destination',
    packFolder,
  ])
  // npm's own format: one entry for each package.
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  const packed: PackedPackage = {
    tarball: join(packFolder, filename),
    files: files.map(({ path }) => path),
  }
  await writeFile(manifestFile, JSON.stringify(packed))
}

/** The package that `setup` packed. */
export async function readPacked(): Promise<PackedPackage> {
  return JSON.parse(await readFile(manifestFile, 'utf8')) as PackedPackage
}

/** Builds unless the build is newer than the sources. */
export async function ensureBuilt(): Promise<void> {
  const { exports } = JSON.parse(await readFile('package.json', 'utf8'))
  const targets = [...JSON.stringify(exports).matchAll(/\.\/dist\/[\w.]+/g)].map(([file]) => file)
  const entries = await readdir('src', { recursive: true, withFileTypes: true })
  const sources = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const scripts = ['scripts/compact-declarations.ts', 'scripts/split-declarations.ts']
  const inputs = [...sources, 'tsup.config.ts', ...scripts]
  if (!(await isNewer([...targets, 'dist/cli.js'], inputs))) await run('node_modules/.bin/tsup', ['--silent'])
}

/** Whether all outputs exist and none is older than an input. */
async function isNewer(outputs: readonly string[], inputs: readonly string[]): Promise<boolean> {
  if (!outputs.every((file) => existsSync(file))) return false
  const times = (files: readonly string[]): Promise<number[]> =>
    Promise.all(files.map(async (file) => (await stat(file)).mtimeMs))
  return Math.min(...(await times(outputs))) >= Math.max(...(await times(inputs)))
}
