import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { promisify } from 'node:util'

/** Installs the packages of a folder's lock file, unless they are installed already. */
export async function installLocked(folder: string): Promise<void> {
  // npm writes this file at the end of an installation.
  const installed = `${folder}/node_modules/.package-lock.json`
  const isCurrent =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${folder}/package-lock.json`).mtimeMs
  if (isCurrent) return
  const options = ['--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts']
  await promisify(execFile)('npm', ['ci', ...options])
}
