import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { replaceFiles } from '../codegen/schema/snapshot/replace-files.ts'
import { UsageError } from './usage-error.ts'

/** Where the generated module and its lock are: as the user named them, and as absolute paths. */
export interface ModuleFiles {
  readonly module: string
  readonly lock: string
  readonly modulePath: string
  readonly lockPath: string
}

/** Where the module goes when nothing is said. */
export const defaultModule = 'posthog.endpoints.ts'

/**
 * The files that `--out` and `--lock` mean. The lock stands beside the module unless it is named.
 *
 * @throws UsageError when the module is no TypeScript file, or both are the same file
 */
export function moduleFiles(
  cwd: string,
  options: { readonly out: string; readonly lock?: string },
): ModuleFiles {
  const { out } = options
  if (!/\.[cm]?ts$/.test(out) || /\.d\.[cm]?ts$/.test(out)) {
    throw new UsageError(
      `--out is ${out}, which is no TypeScript file.`,
      `Use a name such as ${defaultModule}.`,
    )
  }
  const lock = options.lock ?? out.replace(/\.[cm]?ts$/, '.lock.json')
  const files = { module: out, lock, modulePath: resolve(cwd, out), lockPath: resolve(cwd, lock) }
  if (files.modulePath === files.lockPath) {
    throw new UsageError('--out and --lock are the same file.', 'Leave --lock out.')
  }
  return files
}

/** The text of a file; undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return undefined
    if (code === 'EISDIR') throw new UsageError(`${path} is a folder.`, 'Name a file, not a folder.', error)
    throw error
  }
}

/** Writes the files that differ from what is on the disk, all or none, and says whether there were any. */
export async function writeTogether(
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<boolean> {
  const before = await Promise.all(files.map(({ path }) => readIfThere(path)))
  if (files.every(({ text }, index) => before[index] === text)) return false
  await replaceFiles(files)
  return true
}
