import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const folder = fileURLToPath(new URL('.', import.meta.url))
/** npm writes this file at the end of an installation. */
const installed = `${folder}node_modules/.package-lock.json`

/** Installs the runtimes and compilers of the lock file, once. Vitest calls it before the first file starts. */
export async function setup(): Promise<void> {
  if (
    existsSync(installed) &&
    statSync(installed).mtimeMs >= statSync(`${folder}package-lock.json`).mtimeMs
  ) {
    return
  }
  await promisify(execFile)('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts'])
}

/** Where a file of an installed package is. */
export function installedFile(file: string): string {
  const path = `${folder}node_modules/${file}`
  if (existsSync(path)) return path
  throw new Error(
    `No ${file} for ${process.platform} on ${process.arch}: test/runtimes/package.json has none.`,
  )
}
