import { readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from '../errors.ts'

/** File name of the configuration that `typehog init` writes. */
export const jsonConfigFile = 'typehog.config.json'

/** Names of the configuration file. A folder has at most one of them. */
const configFiles: readonly string[] = [
  jsonConfigFile,
  'typehog.config.ts',
  'typehog.config.mts',
  'typehog.config.js',
  'typehog.config.mjs',
]

/**
 * Finds the configuration file: `--config`, or the nearest one from the working directory upwards. The search ends at
 * the root of the repository, so that no file of another owner is used.
 *
 * @returns the absolute path; undefined without a file
 * @throws UsageError when a folder has more than one
 */
export async function findConfig(cwd: string, given: string | undefined): Promise<string | undefined> {
  if (given !== undefined) return resolve(cwd, given)
  for (const folder of await searchedFolders(cwd)) {
    const names = new Set(await readdir(folder).catch(() => []))
    const [found, other] = configFiles.filter((name) => names.has(name))
    if (found !== undefined && other !== undefined) {
      throw new UsageError(`${folder} has both ${found} and ${other}.`, 'Remove one of them.')
    }
    if (found !== undefined) return join(folder, found)
  }
  return undefined
}

/**
 * The working directory and the folders above it, up to the one with `.git`. Outside of a repository, up to the nearest
 * one with package.json.
 */
async function searchedFolders(cwd: string): Promise<string[]> {
  const folders = ancestors(resolve(cwd))
  for (const root of ['.git', 'package.json']) {
    const exists = await Promise.all(folders.map((folder) => isThere(join(folder, root))))
    const index = exists.indexOf(true)
    if (index >= 0) return folders.slice(0, index + 1)
  }
  return folders.slice(0, 1)
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...ancestors(parent)]
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
