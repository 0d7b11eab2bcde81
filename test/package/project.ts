import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A fresh project that has the packed package installed, as npm would lay it out. */
export interface Project {
  readonly folder: string
  readonly tarball: string
  /** Files of the package, as `dist/index.js`. */
  readonly files: readonly string[]
  /** Writes a file of the project. */
  readonly write: (name: string, text: string) => Promise<string>
  /** Runs a program of the project with Node and gives what it printed. */
  readonly node: (name: string, text: string, env?: Readonly<Record<string, string>>) => Promise<string>
  /** Text of a file of the installed package. */
  readonly read: (name: string) => Promise<string>
  readonly remove: () => Promise<void>
}

/** Packs what is built, building first when that is older than the sources, and installs it without a network. */
export async function installPackage(): Promise<Project> {
  await ensureBuilt()
  const folder = await mkdtemp(join(tmpdir(), 'typehog-package-'))
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder])
  // npm's own format: one entry for each package that was packed.
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  const tarball = join(folder, filename)
  const installed = join(folder, 'node_modules', 'typehog')
  await mkdir(installed, { recursive: true })
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1'])
  // What programs of readers install beside it.
  for (const other of ['zod', 'redis', 'hono', '@hono/node-server', '@types/node']) {
    const link = join(folder, 'node_modules', other)
    await mkdir(dirname(link), { recursive: true })
    await symlink(resolve('node_modules', other), link)
  }
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name)
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, text)
    return file
  }
  await write('package.json', JSON.stringify({ name: 'project', private: true, type: 'module' }))
  return {
    folder,
    tarball,
    files: files.map(({ path }) => path),
    write,
    node: async (name, text, env = {}) => {
      const file = await write(name, text)
      return (await run(process.execPath, [file], { cwd: folder, env, timeout: 30_000 })).stdout
    },
    read: (name) => readFile(join(installed, name), 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Builds unless what is built is newer than the sources. */
export async function ensureBuilt(): Promise<void> {
  if (!(await isBuilt())) await run('node_modules/.bin/tsup', ['--silent'])
}

/** Whether every file that a build writes is there and newer than every source. */
async function isBuilt(): Promise<boolean> {
  const { exports } = JSON.parse(await readFile('package.json', 'utf8'))
  const targets = [...JSON.stringify(exports).matchAll(/\.\/dist\/[\w.]+/g)].map(([file]) => file)
  if (![...targets, 'dist/cli.js'].every((file) => existsSync(file))) return false
  const entries = await readdir('src', { recursive: true, withFileTypes: true })
  const sources = [
    ...entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
    'tsup.config.ts',
    'scripts/compact-declarations.ts',
  ]
  const newest = Math.max(...(await Promise.all(sources.map(async (file) => (await stat(file)).mtimeMs))))
  return targets.every((file) => statSync(file).mtimeMs >= newest)
}
