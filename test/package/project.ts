import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll } from 'vitest'
import { readPacked } from './build.ts'

const run = promisify(execFile)

/** A fresh project with the packed package installed, as npm lays it out. */
export interface Project {
  readonly folder: string
  readonly tarball: string
  /** Files of the package, such as `dist/index.js`. */
  readonly files: readonly string[]
  /** Writes a file of the project. Returns its path. */
  readonly write: (name: string, text: string) => Promise<string>
  /** Writes a program, runs it with Node and returns its output. */
  readonly node: (name: string, text: string, env?: Readonly<Record<string, string>>) => Promise<string>
  /** Reads a file of the installed package. */
  readonly read: (name: string) => Promise<string>
  readonly remove: () => Promise<void>
}

/** Creates a project for the tests of a file and removes it after them. Returns a function for the project. */
export function useProject(): () => Project {
  let project: Project | undefined
  beforeAll(async () => {
    project = await installPackage()
  })
  afterAll(() => project?.remove())
  return () => {
    if (project === undefined) throw new Error('The project exists while tests run.')
    return project
  }
}

/** Installs the packed package without a network. */
async function installPackage(): Promise<Project> {
  const { tarball, files } = await readPacked()
  const folder = await mkdtemp(join(tmpdir(), 'typehog-package-'))
  const installed = join(folder, 'node_modules', 'typehog')
  await mkdir(installed, { recursive: true })
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1'])
  // Packages that readers install beside it.
  for (const other of [
    'zod',
    'redis',
    'hono',
    '@hono/node-server',
    '@types/node',
    'msw',
    'undici',
    'vitest',
    'hyparquet-writer',
    'apache-arrow',
  ]) {
    const link = join(folder, 'node_modules', other)
    await mkdir(dirname(link), { recursive: true })
    await symlink(resolve('node_modules', other), link)
  }
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    return file
  }
  await write('package.json', JSON.stringify({ name: 'project', private: true, type: 'module' }))
  return {
    folder,
    tarball,
    files,
    write,
    node: async (name, text, env = {}) => {
      const file = await write(name, text)
      return (await run(process.execPath, [file], { cwd: folder, env, timeout: 30_000 })).stdout
    },
    read: (name) => readFile(join(installed, name), 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
